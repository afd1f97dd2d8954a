/** What the functions of a stack's template are evaluated against. */
import type { Cloud } from "../../core/cloud.ts";
import { conditionLookup } from "../intrinsics/conditions.ts";
import { evaluate } from "../intrinsics/evaluate.ts";
import type { Scope } from "../intrinsics/scope.ts";
import type { Parameter } from "../parameters/parameters.ts";
import { pseudoParameters } from "../parameters/pseudo.ts";
import { TemplateError } from "../template-error.ts";
import type { Template } from "../template.ts";
import type { Value } from "../value.ts";
import { attributeOfPlaceholder } from "./resources/placeholder.ts";
import type { StackStore, StoredResource } from "./state/record.ts";

export interface StackScope extends Scope {
  /** The exports that were asked for. */
  readonly imported: ReadonlySet<string>;
}

export function stackScope(of: {
  readonly cloud: Cloud;
  readonly store: StackStore;
  readonly stack: { readonly name: string; readonly id: string };
  readonly template: Template;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly resource: (logicalId: string) => StoredResource | undefined;
}): StackScope {
  const { cloud, template } = of;
  const pseudo = pseudoParameters({ accountId: cloud.accountId, region: cloud.region, ...of.stack });
  const imported = new Set<string>();
  const scope: StackScope = {
    imported,
    mappings: template.mappings,
    region: cloud.region,
    parameter: (name) => of.parameters[name]?.value ?? pseudo[name],
    resourceId: (logicalId) => of.resource(logicalId)?.physicalId,
    attribute(logicalId, attribute, path) {
      const resource = of.resource(logicalId);
      if (!resource) return undefined;
      if (resource.isPlaceholder) return attributeOfPlaceholder(cloud, resource, attribute);
      const value = resource.attributes[attribute] ?? memberOf(resource.attributes, attribute);
      if (value !== undefined) return value as Value;
      throw new TemplateError(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
        path,
      );
    },
    condition: conditionLookup(template.conditions, () => scope, evaluate),
    importValue(name, path) {
      const exporter = of.store.exporter(name);
      if (!exporter || exporter.stack.name === of.stack.name)
        throw new TemplateError(`No export named ${name} found.`, path);
      imported.add(name);
      return exporter.value;
    },
  };
  return scope;
}

/** `Endpoint.Address` may be an attribute of its own or a member of the attribute `Endpoint`. */
function memberOf(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  let value: unknown = attributes;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}
