/** What an operation would change, without changing anything: the contents of a change set. */
import { isDeepStrictEqual } from "node:util";
import { evaluate } from "../intrinsics/evaluate.ts";
import { referencesIn } from "../intrinsics/named-in.ts";
import type { Scope } from "../intrinsics/scope.ts";
import { resolveDynamicReferences } from "../parameters/dynamic-references.ts";
import { inside, TemplateError } from "../template-error.ts";
import type { Fields, Value } from "../value.ts";
import { type ActiveResource, activeResources } from "./graph.ts";
import { checkTypes } from "./operation.ts";
import type { Prepared } from "./prepare.ts";
import { localAddresses } from "./resources/host-names.ts";
import type { StoredResource } from "./state/record.ts";

/** What stands for ids and attributes that only the execution will bring (as DescribeChangeSet shows them). */
const UNKNOWN = "{{changeSet:KNOWN_AFTER_APPLY}}";

export type ChangedAttribute = "Properties" | "Metadata" | "DeletionPolicy" | "UpdateReplacePolicy";

export interface ChangedProperty {
  readonly name: string;
  /** Its new value depends on a resource that is made or replaced. */
  readonly isDynamic: boolean;
}

export interface PlannedChange {
  readonly action: "Add" | "Modify" | "Remove";
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  /** Of a modification. Whether a property can be changed in place is known to the provider only when it is asked to. */
  readonly replacement: "True" | "False" | "Conditional" | undefined;
  readonly attributes: readonly ChangedAttribute[];
  readonly properties: readonly ChangedProperty[];
}

export interface Plan {
  /** By logical id. */
  readonly changes: readonly PlannedChange[];
  /** False when neither resources nor outputs nor tags would change. */
  readonly hasChanges: boolean;
}

/** Throws TemplateError for what an operation would be refused for. */
export async function planOf(prepared: Prepared): Promise<Plan> {
  const { means, template, former } = prepared;
  const before = former?.resources ?? {};
  const active = activeResources(template, means.scope);
  checkTypes(active, before);
  const changes: PlannedChange[] = [];
  const unsettled = new Set<string>();
  const scope: Scope = {
    ...means.scope,
    resourceId: (id, path) => (unsettled.has(id) ? UNKNOWN : means.scope.resourceId(id, path)),
    attribute: (id, name, path) => (unsettled.has(id) ? UNKNOWN : means.scope.attribute(id, name, path)),
  };
  for (const resource of active) {
    const { logicalId, definition } = resource;
    const stored = before[logicalId];
    const change = stored
      ? await modification(prepared, scope, unsettled, resource, stored)
      : ({ ...NOTHING, action: "Add", logicalId, type: definition.type } as const);
    if (!change) continue;
    changes.push(change);
    if (change.action === "Add" || change.replacement === "True") unsettled.add(logicalId);
  }
  const names = new Set(active.map(({ logicalId }) => logicalId));
  for (const { logicalId, type, physicalId } of Object.values(before))
    if (!names.has(logicalId)) changes.push({ ...NOTHING, action: "Remove", logicalId, type, physicalId });
  changes.sort((a, b) => (a.logicalId < b.logicalId ? -1 : 1));
  return { changes, hasChanges: changes.length > 0 || changesOtherwise(prepared, scope) };
}

const NOTHING = { physicalId: undefined, replacement: undefined, attributes: [], properties: [] } as const;

async function modification(
  { means }: Prepared,
  scope: Scope,
  unsettled: ReadonlySet<string>,
  resource: ActiveResource,
  stored: StoredResource,
): Promise<PlannedChange | undefined> {
  const { logicalId, definition } = resource;
  const provider = await means.session.providerOf(definition.type);
  const path = inside(inside("Resources", logicalId), "Properties");
  const now: Record<string, Value> = {};
  for (const [name, value] of Object.entries(resource.properties)) {
    const evaluated = valueOf(name, value);
    if (evaluated === undefined) continue;
    const resolved = await resolveDynamicReferences(evaluated, means.resolveDynamic, inside(path, name));
    now[name] = localAddresses(resolved, means.session.cloud.endpoint);
  }
  const properties = changedProperties(stored.properties, now);
  const attributes: ChangedAttribute[] = [];
  if (properties.length > 0) attributes.push("Properties");
  if (!isDeepStrictEqual(stored.metadata, definition.metadata)) attributes.push("Metadata");
  if (stored.deletionPolicy !== definition.deletionPolicy) attributes.push("DeletionPolicy");
  if (stored.updateReplacePolicy !== definition.updateReplacePolicy) attributes.push("UpdateReplacePolicy");
  const becomesReal = stored.isPlaceholder && provider !== undefined;
  if (attributes.length === 0 && !becomesReal) return undefined;
  const isMadeAnew = becomesReal || (properties.length > 0 && provider !== undefined && !provider.update);
  const replacement = isMadeAnew ? "True" : properties.length > 0 && provider ? "Conditional" : "False";
  const { type, physicalId } = stored;
  return { action: "Modify", logicalId, type, physicalId, replacement, attributes, properties };

  function valueOf(name: string, value: Value): Value | undefined {
    const at = inside(path, name);
    try {
      // As a member of an object, so that AWS::NoValue leaves it out.
      return (evaluate({ [name]: value }, scope, path) as Fields)[name];
    } catch (error) {
      // Such as Fn::Select of something that is not known yet.
      const isUnsettled = referencesIn(value, at).some((reference) => unsettled.has(reference.name));
      if (error instanceof TemplateError && isUnsettled) return UNKNOWN;
      throw error;
    }
  }
}

function changedProperties(before: Fields, now: Fields): readonly ChangedProperty[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(before[name], now[name]))
    .map((name) => ({ name, isDynamic: JSON.stringify(now[name] ?? null).includes(UNKNOWN) }));
}

/** Outputs and tags, where no resource changes: nothing in them is unknown then. */
function changesOtherwise({ means, template, former }: Prepared, scope: Scope): boolean {
  if (!former) return true;
  const { session } = means;
  if (!isDeepStrictEqual(former.tags, session.record.tags)) return true;
  const outputs = Object.entries(template.outputs).flatMap(([name, definition]) => {
    const path = inside("Outputs", name);
    if (definition.condition !== undefined && !scope.condition(definition.condition, path)) return [];
    const text = (value: Value) => String(localAddresses(evaluate(value, scope, path), session.cloud.endpoint));
    const { description, exportName } = definition;
    return [
      [
        name,
        {
          value: text(definition.value),
          description,
          exportName: exportName === undefined ? undefined : text(exportName),
        },
      ],
    ];
  });
  return !isDeepStrictEqual(Object.fromEntries(outputs), { ...former.outputs });
}
