/** Stacks: a template made into resources, changed and deleted as CloudFormation does it. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Cloud } from "../core/cloud.ts";
import { ServiceError } from "../core/errors.ts";
import { checkCapabilities } from "./engine/capabilities.ts";
import { customResourceProvider, isCustomType } from "./engine/resources/custom-resource.ts";
import { deleteStack } from "./engine/delete-stack.ts";
import { applyTemplate } from "./engine/operation.ts";
import { StackStore, type StackEvent, type StackRecord } from "./engine/state/record.ts";
import { type ProviderOf, StackSession } from "./engine/state/session.ts";
import { stackScope } from "./engine/stack-scope.ts";
import { dynamicResolver, parameterReader } from "./engine/resources/stored-values.ts";
import { type Stack, viewOf } from "./engine/state/views.ts";
import { loadTemplate } from "./load.ts";
import { type Parameter, resolveParameters } from "./parameters/parameters.ts";

export type { StackEvent } from "./engine/state/record.ts";
export type { ProviderOf } from "./engine/state/session.ts";
export type { Stack } from "./engine/state/views.ts";
export { StackFailed } from "./engine/state/stack-failed.ts";

export interface DeployInput {
  readonly name: string;
  /** The template's file; local paths are relative to its folder. */
  readonly file?: string;
  /** The template's text, in place of a file. */
  readonly body?: string;
  /** Folder for local paths of `body`. */
  readonly folder?: string;
  /** Values of template parameters; others take their default. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Parameters that keep the value they have in the stack. */
  readonly keepParameters?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Checked as CloudFormation does when given; otherwise everything is taken as acknowledged. */
  readonly capabilities?: readonly string[];
}

export interface Stacks {
  /** Creates or updates a stack. Throws TemplateError for a faulty template, StackFailed after rolling back. */
  deploy(input: DeployInput): Promise<Stack>;
  /** Deletes a stack with its resources. Throws StackFailed when some cannot be deleted; they are kept. Unknown names are no error. */
  delete(name: string): Promise<void>;
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
  const busy = new Set<string>();

  /** One operation a stack at a time, in a scope that holds time; a provider may itself wait for time. */
  async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (busy.has(name)) {
      const current = store.find(name);
      throw new ServiceError(
        "ValidationError",
        `Stack:${current?.id ?? name} is in ${current?.status ?? "REVIEW_IN_PROGRESS"} state and can not be updated.`,
      );
    }
    busy.add(name);
    try {
      return await cloud.clock.waiting(
        new Promise<T>((resolve, reject) => {
          cloud.clock.background(`stack ${name}`, () => work().then(resolve, reject));
        }),
      );
    } finally {
      busy.delete(name);
    }
  }

  async function deploy(input: DeployInput): Promise<Stack> {
    const { name } = input;
    checkName(name);
    const existing = store.find(name);
    // Nothing is left of a stack whose creation was rolled back: it is made afresh.
    const former = existing?.status === "ROLLBACK_COMPLETE" ? undefined : existing;
    const { body, folder } = source(input);
    const given = { ...kept(input, former), ...input.parameters };
    const { template, warnings } = loadTemplate(body, { folder, parameters: given });
    if (input.capabilities) checkCapabilities(template, input.capabilities);
    const parameters = await resolveParameters(template.parameters, given, parameterReader(cloud));

    const now = cloud.clock.now();
    const record: StackRecord = {
      name,
      id: former?.id ?? cloud.arn("cloudformation", `stack/${name}/${cloud.uuid()}`),
      status: former ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS",
      statusReason: undefined,
      description: template.description,
      createdAt: former?.createdAt ?? now,
      updatedAt: former ? now : undefined,
      deletedAt: undefined,
      body,
      folder,
      parameters: stored(parameters),
      tags: input.tags ?? former?.tags ?? {},
      capabilities: input.capabilities ?? [],
      resources: former?.resources ?? {},
      outputs: former?.outputs ?? {},
      imports: former?.imports ?? [],
      warnings: [],
    };
    const session = new StackSession(cloud, store, providerOf, record);
    for (const warning of warnings) session.warn(warning);
    const scope = stackScope({
      cloud,
      store,
      stack: record,
      template,
      parameters,
      resource: (logicalId) => session.resource(logicalId),
    });
    await applyTemplate({ session, scope, resolveDynamic: dynamicResolver(cloud) }, template, former);
    return viewOf(session.record);
  }

  return {
    deploy: (input) => exclusively(input.name, () => deploy(input)),
    delete: (name) =>
      exclusively(name, async () => {
        const record = store.find(name);
        if (record && record.status !== "DELETE_COMPLETE")
          await deleteStack(new StackSession(cloud, store, providerOf, record));
      }),
    describe(nameOrId) {
      const record = store.find(nameOrId);
      return record && viewOf(record);
    },
    list: () => store.live().map(viewOf),
    events(nameOrId) {
      const record = store.find(nameOrId);
      if (!record) throw new ServiceError("ValidationError", `Stack [${nameOrId}] does not exist`);
      return store.events(record.id);
    },
  };
}

function source(input: DeployInput): { readonly body: string; readonly folder: string | undefined } {
  if (input.body !== undefined)
    return { body: input.body, folder: input.folder === undefined ? undefined : resolve(input.folder) };
  if (input.file === undefined)
    throw new ServiceError("ValidationError", "Either a template file or a template body is required");
  const file = resolve(input.file);
  return {
    body: readFileSync(file, "utf8"),
    folder: input.folder === undefined ? dirname(file) : resolve(input.folder),
  };
}

function kept(input: DeployInput, former: StackRecord | undefined): Record<string, string> {
  return Object.fromEntries(
    (input.keepParameters ?? []).map((name) => {
      const value = former?.parameters[name]?.text;
      if (value !== undefined) return [name, value];
      throw new ServiceError(
        "ValidationError",
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }),
  );
}

const stored = (parameters: Readonly<Record<string, Parameter>>): StackRecord["parameters"] =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { text, noEcho, resolved }]) => [
      name,
      { text, noEcho, ...(resolved === undefined ? {} : { resolved }) },
    ]),
  );

function checkName(name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw new ServiceError(
      "ValidationError",
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
}
