/** Brings one resource to what the template says: made, updated in place, replaced, or left alone. */
import { isDeepStrictEqual } from "node:util";
import { evaluate } from "../../intrinsics/evaluate.ts";
import { resolveDynamicReferences, type ResolveDynamic } from "../../parameters/dynamic-references.ts";
import { inside, TemplateError } from "../../template-error.ts";
import { isFields, type Fields } from "../../value.ts";
import type { ActiveResource } from "../graph.ts";
import { localAddresses } from "./host-names.ts";
import { placeholderWarning, refusedType } from "./placeholder.ts";
import { unknownProperties, unknownWarning } from "./property-warnings.ts";
import type { StoredResource } from "../state/record.ts";
import { reasonOf, type StackSession } from "../state/session.ts";
import type { StackScope } from "../stack-scope.ts";

/** What has been done to a resource, for a roll-back and for the clean-up. */
export type Done =
  | { readonly kind: "created"; readonly now: StoredResource }
  | { readonly kind: "updated"; readonly now: StoredResource; readonly before: StoredResource }
  | { readonly kind: "replaced"; readonly now: StoredResource; readonly before: StoredResource };

export interface Means {
  readonly session: StackSession;
  readonly scope: StackScope;
  readonly resolveDynamic: ResolveDynamic;
}

/** Answers undefined when there was nothing to do. Throws what the provider or the evaluation threw, naming the resource. */
export async function changeResource(
  { session, scope, resolveDynamic }: Means,
  active: ActiveResource,
  before: StoredResource | undefined,
): Promise<Done | undefined> {
  const { logicalId, definition } = active;
  const { type } = definition;
  const path = inside(inside("Resources", logicalId), "Properties");
  const failed = before ? "UPDATE_FAILED" : "CREATE_FAILED";
  const physicalId = before?.physicalId ?? "";
  try {
    const refused = refusedType(type);
    if (refused !== undefined) throw new TemplateError(refused, inside("Resources", logicalId));
    const provider = await session.providerOf(type);
    if (!provider) session.warn(placeholderWarning(logicalId, type));
    else
      for (const unknown of unknownProperties(active.properties, provider.known, path))
        session.warn(unknownWarning(unknown, type));

    const evaluated = evaluate(active.properties, scope, path);
    const resolved = await resolveDynamicReferences(evaluated, resolveDynamic, path);
    // An object stays an object through all of these.
    const properties = localAddresses(resolved, session.cloud.endpoint) as Fields;
    const stored = (
      state: { physicalId: string; attributes?: Readonly<Record<string, unknown>> },
      status: StoredResource["status"],
    ): StoredResource => ({
      logicalId,
      type,
      physicalId: state.physicalId,
      attributes: state.attributes ?? {},
      properties,
      dependsOn: active.dependsOn,
      deletionPolicy: definition.deletionPolicy,
      updateReplacePolicy: definition.updateReplacePolicy,
      metadata: definition.metadata,
      isPlaceholder: !provider,
      status,
      statusReason: undefined,
      updatedAt: session.cloud.clock.now(),
    });
    const context = session.context(logicalId);
    const create = async () =>
      provider
        ? await provider.create(properties, context)
        : { physicalId: before?.physicalId ?? context.physicalName(128) };

    if (!before) {
      session.event({ logicalId, type, physicalId: "" }, "CREATE_IN_PROGRESS");
      const now = stored(await create(), "CREATE_COMPLETE");
      session.keep(now);
      session.event(now, "CREATE_COMPLETE");
      return { kind: "created", now };
    }

    const isSame = isDeepStrictEqual(before.properties, properties) && before.isPlaceholder === !provider;
    if (isSame && !readsLocalFiles(properties)) {
      session.keep({ ...stored(before, before.status), updatedAt: before.updatedAt });
      return undefined;
    }
    session.event(before, "UPDATE_IN_PROGRESS");
    const updated =
      provider && !before.isPlaceholder
        ? ((await provider.update?.(before.physicalId, properties, before.properties, context)) ?? "replace")
        : undefined;
    if (updated !== undefined && updated !== "replace") {
      const now = stored({ ...updated, attributes: updated.attributes ?? before.attributes }, "UPDATE_COMPLETE");
      session.keep(now);
      session.event(now, "UPDATE_COMPLETE");
      // A custom resource says by another id that it has made a new one.
      return { kind: now.physicalId === before.physicalId ? "updated" : "replaced", now, before };
    }
    if (updated === "replace")
      session.event(
        before,
        "UPDATE_IN_PROGRESS",
        "Requested update requires the creation of a new physical resource; hence creating one.",
      );
    const now = stored(await create(), "UPDATE_COMPLETE");
    session.keep(now);
    session.event(now, "UPDATE_COMPLETE");
    return updated === "replace" || !before.isPlaceholder
      ? { kind: "replaced", now, before }
      : { kind: "updated", now, before };
  } catch (error) {
    session.event({ logicalId, type, physicalId }, failed, reasonOf(error));
    throw error;
  }
}

/** Code from a local folder may have changed although the template has not: the provider is always asked to look again. */
const readsLocalFiles = (properties: Fields): boolean =>
  ["Code", "Content"].some((name) => {
    const source = properties[name];
    return isFields(source) && source["Local"] !== undefined;
  });
