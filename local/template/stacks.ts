/** Stacks: a template made into resources, changed and deleted as CloudFormation does it. */
import type { Cloud } from "../core/cloud.ts";
import { ServiceError } from "../core/errors.ts";
import { customResourceProvider, isCustomType } from "./engine/resources/custom-resource.ts";
import { deleteStack } from "./engine/delete-stack.ts";
import { applyTemplate } from "./engine/operation.ts";
import { type Plan, planOf } from "./engine/plan.ts";
import { type DeployInput, prepare } from "./engine/prepare.ts";
import { busyIn } from "./engine/state/busy.ts";
import { StackStore, type StackEvent } from "./engine/state/record.ts";
import { type ProviderOf, StackSession } from "./engine/state/session.ts";
import { StackFailed } from "./engine/state/stack-failed.ts";
import { type Stack, viewOf } from "./engine/state/views.ts";

export type { Plan, PlannedChange } from "./engine/plan.ts";
export type { DeployInput } from "./engine/prepare.ts";
export type { StackEvent } from "./engine/state/record.ts";
export type { ProviderOf } from "./engine/state/session.ts";
export type { Stack } from "./engine/state/views.ts";
export { StackFailed } from "./engine/state/stack-failed.ts";

/** An operation that is under way. */
export interface Begun {
  readonly stackId: string;
  /** Rejected with StackFailed; a caller that does not wait need not catch it. */
  readonly finished: Promise<void>;
}

export interface Stacks {
  /** Creates or updates a stack. Throws TemplateError for a faulty template, StackFailed after rolling back. */
  deploy(input: DeployInput): Promise<Stack>;
  /** Deletes a stack with its resources. Throws StackFailed when some cannot be deleted; they are kept. Unknown names are no error. */
  delete(name: string): Promise<void>;
  /** As `deploy`, but answers as soon as the stack is in progress. */
  begin(input: DeployInput): Promise<Begun>;
  /** As `delete`, but answers as soon as the stack is in progress; undefined when there is nothing to delete. `retained` resources are left alone. */
  beginDelete(name: string, retained?: readonly string[]): Promise<Begun | undefined>;
  /** What `deploy` would change. Throws TemplateError for what `deploy` would refuse. */
  plan(input: DeployInput): Promise<Plan & Pick<Stack, "parameters">>;
  /** By name, or by id for deleted ones too. */
  describe(nameOrId: string): Stack | undefined;
  /** Live stacks, oldest first. */
  list(): readonly Stack[];
  /** Of a live stack by name, or of any by id; oldest first. Throws ValidationError for an unknown stack. */
  events(nameOrId: string): readonly StackEvent[];
}

export function createStacks(cloud: Cloud, providerOfService: ProviderOf): Stacks {
  const providerOf: ProviderOf = async (type) =>
    isCustomType(type) ? customResourceProvider(cloud, type) : providerOfService(type);
  const store = new StackStore(cloud);
  const busy = busyIn(cloud);

  /**
   * One operation a stack at a time, in a scope that holds time. `start` checks and begins; the rest of the work goes on after
   * the answer.
   */
  function underWay(name: string, start: () => Promise<Begun | undefined>): Promise<Begun | undefined> {
    if (busy.has(name)) {
      const current = store.find(name);
      throw new ServiceError(
        "ValidationError",
        `Stack:${current?.id ?? name} is in ${current?.status ?? "REVIEW_IN_PROGRESS"} state and can not be updated.`,
      );
    }
    busy.add(name);
    const answer = Promise.withResolvers<Begun | undefined>();
    cloud.clock.background(`stack ${name}`, async () => {
      try {
        const beginning = start();
        // A refusal goes to the caller; what happens later is told by the stack.
        answer.resolve(beginning);
        const begun = await beginning.catch(() => undefined);
        await begun?.finished.catch((error: unknown) => {
          if (!(error instanceof StackFailed)) cloud.log.error(`stack ${name}`, error);
        });
      } finally {
        busy.delete(name);
      }
    });
    return answer.promise;
  }

  async function start(input: DeployInput): Promise<Begun> {
    const prepared = await prepare(cloud, store, providerOf, input);
    const { session } = prepared.means;
    for (const warning of prepared.warnings) session.warn(warning);
    return { stackId: session.record.id, finished: applyTemplate(prepared) };
  }

  async function begin(input: DeployInput): Promise<Begun> {
    const begun = await underWay(input.name, () => start(input));
    if (begun) return begun;
    throw new Error(`nothing was begun for ${input.name}`);
  }

  async function beginDelete(name: string, retained: readonly string[] = []): Promise<Begun | undefined> {
    return underWay(name, async () => {
      const record = store.find(name);
      if (!record || record.status === "DELETE_COMPLETE") return undefined;
      const session = new StackSession(cloud, store, providerOf, record);
      return { stackId: record.id, finished: deleteStack(session, retained) };
    });
  }

  function describe(nameOrId: string): Stack | undefined {
    const record = store.find(nameOrId);
    return record && viewOf(record);
  }

  return {
    begin,
    beginDelete,
    describe,
    // A provider may itself wait for time: the caller's own scope must not hold it.
    deploy: (input) =>
      cloud.clock.waiting(
        begin(input).then(async ({ finished, stackId }) => {
          await finished;
          const stack = describe(stackId);
          if (stack) return stack;
          throw new Error(`the stack ${input.name} is gone`);
        }),
      ),
    delete: (name) => cloud.clock.waiting(beginDelete(name).then((begun) => begun?.finished)),
    async plan(input) {
      const prepared = await prepare(cloud, store, providerOf, input);
      return { ...(await planOf(prepared)), parameters: viewOf(prepared.means.session.record).parameters };
    },
    list: () => store.live().map(viewOf),
    events(nameOrId) {
      const record = store.find(nameOrId);
      if (!record) throw new ServiceError("ValidationError", `Stack [${nameOrId}] does not exist`);
      return store.events(record.id);
    },
  };
}
