/** Creates or updates a stack: resources in the order of their dependencies, then outputs, then the clean-up; or the way back. */
import { changeResource, type Done, type Means } from "./resources/change-resource.ts";
import { type ActiveResource, activeResources } from "./graph.ts";
import { readOutputs } from "./outputs.ts";
import type { Prepared } from "./prepare.ts";
import type { StackRecord, StoredResource } from "./state/record.ts";
import { deletionOrder, isDeleted, removeOne } from "./resources/remove.ts";
import { rollBack } from "./roll-back.ts";
import { reasonOf, type StackSession } from "./state/session.ts";
import { StackFailed } from "./state/stack-failed.ts";
import { TemplateError } from "../template-error.ts";
import type { Template } from "../template.ts";

interface Failure {
  readonly logicalId: string | undefined;
  readonly type: string | undefined;
  readonly error: unknown;
}

/**
 * `former` is the stack before an update. Throws TemplateError for what is wrong before anything is begun; from then on the stack
 * is in progress, and the answer is rejected with StackFailed after rolling back.
 */
export function applyTemplate({ means, template, former }: Prepared): Promise<void> {
  const active = activeResources(template, means.scope);
  checkTypes(active, former?.resources ?? {});
  means.session.become(`${former ? "UPDATE" : "CREATE"}_IN_PROGRESS`, "User Initiated");
  return change(means, template, active, former);
}

async function change(
  means: Means,
  template: Template,
  active: readonly ActiveResource[],
  former: StackRecord | undefined,
): Promise<void> {
  const { session, scope } = means;
  const before = former?.resources ?? {};
  const done: Done[] = [];
  let failure = await changeAll(means, active, before, done);
  if (!failure)
    try {
      const outputs = readOutputs(session, template, scope);
      session.save({ outputs, imports: [...scope.imported] });
    } catch (error) {
      failure = { logicalId: undefined, type: undefined, error };
    }
  if (failure) throw await goBack(session, failure, done, former);

  await cleanUp(session, active, done, before);
  session.become(`${former ? "UPDATE" : "CREATE"}_COMPLETE`);
}

/** Independent resources are worked on at the same time. After a failure nothing new is begun. */
async function changeAll(
  means: Means,
  active: readonly ActiveResource[],
  before: Readonly<Record<string, StoredResource>>,
  done: Done[],
): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  const finished = new Map<string, Promise<void>>();
  for (const resource of active) {
    const { logicalId, dependsOn, definition } = resource;
    const work = async () => {
      await Promise.all(dependsOn.map((name) => finished.get(name)));
      if (failure) return;
      try {
        const step = await changeResource(means, resource, before[logicalId]);
        if (step) done.push(step);
      } catch (error) {
        failure ??= { logicalId, type: definition.type, error };
      }
    };
    finished.set(logicalId, work());
  }
  await Promise.all(finished.values());
  return failure;
}

/** Old versions of replaced resources and resources that are no longer in the template. A failure here leaves the resource behind. */
async function cleanUp(
  session: StackSession,
  active: readonly ActiveResource[],
  done: readonly Done[],
  before: Readonly<Record<string, StoredResource>>,
): Promise<void> {
  const names = new Set(active.map(({ logicalId }) => logicalId));
  const replaced = new Set(done.flatMap((step) => (step.kind === "replaced" ? [step.before.logicalId] : [])));
  const leaving = Object.values(before).filter(({ logicalId }) => !names.has(logicalId) || replaced.has(logicalId));
  if (leaving.length === 0) return;
  session.become("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  for (const resource of deletionOrder(leaving)) {
    const isReplaced = replaced.has(resource.logicalId);
    if (isDeleted(session, resource, isReplaced ? "UpdateReplacePolicy" : "DeletionPolicy")) {
      const reason = await removeOne(session, resource);
      if (reason !== undefined)
        session.warn(
          `Resources.${resource.logicalId}: ${resource.physicalId} could not be deleted and is left behind: ${reason}`,
        );
    }
    if (!isReplaced) session.drop(resource.logicalId);
  }
}

async function goBack(
  session: StackSession,
  failure: Failure,
  done: readonly Done[],
  former: StackRecord | undefined,
): Promise<StackFailed> {
  const reason = failureReason(failure);
  const summary =
    failure.logicalId === undefined
      ? reason
      : `The following resource(s) failed to ${former ? "update" : "create"}: [${failure.logicalId}]. ${reason}`;
  const prefix = former ? "UPDATE_ROLLBACK" : "ROLLBACK";
  session.become(`${prefix}_IN_PROGRESS`, summary);
  const stuck = await rollBack(session, done);
  const { resources, status, statusReason } = session.record;
  session.save(former ? { ...former, resources, status, statusReason } : { outputs: {} });
  if (stuck.length > 0)
    session.become(`${prefix}_FAILED`, `The following resource(s) failed to roll back: [${stuck.join(", ")}].`);
  else session.become(`${prefix}_COMPLETE`, summary);
  return new StackFailed(session.record, `could not be ${former ? "updated" : "created"}: ${reason}`, stuck);
}

function failureReason({ logicalId, type, error }: Failure): string {
  const message = reasonOf(error);
  if (logicalId === undefined) return message;
  const place = error instanceof TemplateError && error.path !== "" ? "" : ` (at Resources.${logicalId})`;
  return `${logicalId} (${type}): ${message}${place}`;
}

export function checkTypes(active: readonly ActiveResource[], before: Readonly<Record<string, StoredResource>>): void {
  const changed = active.filter(({ logicalId, definition }) => {
    const stored = before[logicalId];
    return stored && stored.type !== definition.type;
  });
  if (changed.length === 0) return;
  const names = changed.map(({ logicalId }) => logicalId).join(", ");
  throw new TemplateError(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
    `Resources.${changed[0]?.logicalId ?? ""}.Type`,
  );
}
