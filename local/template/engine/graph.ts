/** Which resource needs which, and so the order in which they are made. */
import { prune } from "../intrinsics/evaluate.ts";
import { referencesIn } from "../intrinsics/named-in.ts";
import { unresolved } from "../intrinsics/references.ts";
import type { Scope } from "../intrinsics/scope.ts";
import { inside, TemplateError } from "../template-error.ts";
import type { ResourceDefinition, Template } from "../template.ts";
import type { Fields } from "../value.ts";

export interface ActiveResource {
  readonly logicalId: string;
  readonly definition: ResourceDefinition;
  /** The properties with only those branches of Fn::If that hold. */
  readonly properties: Fields;
  readonly dependsOn: readonly string[];
}

/**
 * The resources whose condition holds, each after all that it depends on, otherwise in the template's order.
 * Throws TemplateError for references to resources that are not made and for circular dependencies.
 */
export function activeResources(template: Template, scope: Pick<Scope, "condition">): readonly ActiveResource[] {
  const definitions = Object.entries(template.resources).filter(
    ([id, { condition }]) =>
      condition === undefined || scope.condition(condition, inside(inside("Resources", id), "Condition")),
  );
  const active = new Set(definitions.map(([id]) => id));
  const resources = definitions.map(([logicalId, definition]): ActiveResource => {
    const path = inside(inside("Resources", logicalId), "Properties");
    // Pruning an object answers an object.
    const properties = prune(definition.properties, scope, path) as Fields;
    const needed = new Set(definition.dependsOn.filter((name) => active.has(name)));
    for (const { name, path: at } of referencesIn(properties, path)) {
      if (active.has(name)) needed.add(name);
      else if (name in template.resources) throw unresolved(name, at);
    }
    return { logicalId, definition, properties, dependsOn: [...needed] };
  });
  return inOrder(resources);
}

/** Dependencies first. Throws TemplateError naming the resources of a circle. */
export function inOrder<R extends { readonly logicalId: string; readonly dependsOn: readonly string[] }>(
  resources: readonly R[],
): readonly R[] {
  const ordered: R[] = [];
  const placed = new Set<string>();
  const all = new Set(resources.map(({ logicalId }) => logicalId));
  let waiting = resources;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ dependsOn }) => dependsOn.every((name) => placed.has(name) || !all.has(name)));
    if (ready.length === 0) throw circular(waiting);
    for (const resource of ready) placed.add(resource.logicalId);
    ordered.push(...ready);
    waiting = waiting.filter(({ logicalId }) => !placed.has(logicalId));
  }
  return ordered;
}

/** Leaves out what merely depends on a circle. */
function circular(
  stuck: readonly { readonly logicalId: string; readonly dependsOn: readonly string[] }[],
): TemplateError {
  let circle = stuck;
  for (;;) {
    const needed = new Set(circle.flatMap(({ dependsOn }) => dependsOn));
    const fewer = circle.filter(({ logicalId }) => needed.has(logicalId));
    if (fewer.length === circle.length) break;
    circle = fewer;
  }
  const names = circle.map(({ logicalId }) => logicalId);
  return new TemplateError(
    `Circular dependency between resources: [${names.join(", ")}]`,
    inside("Resources", names[0] ?? ""),
  );
}
