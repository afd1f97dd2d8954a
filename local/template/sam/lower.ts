/** The transform AWS::Serverless-2016-10-31: SAM resources become the native ones that the SAM transform makes, with the same ids. */
import { inside, TemplateError } from "../template-error.ts";
import { isFields, type Fields, type Value } from "../value.ts";
import { lowerFunction } from "./functions/function.ts";
import { merge, readGlobals } from "./globals.ts";
import { Apis } from "./apis.ts";
import { lowerLayerVersion } from "./layer-version.ts";
import { fieldsOf, invalid, Lowering, type LowerOptions, type SamResource } from "./lowering.ts";
import { renameReferences } from "./rename.ts";
import { lowerSimpleTable } from "./simple-table.ts";
import { lowerStateMachine } from "./state-machines/state-machine.ts";

const LOWERERS: Readonly<Record<string, (lowering: Lowering, resource: SamResource) => void>> = {
  "AWS::Serverless::Function": lowerFunction,
  "AWS::Serverless::LayerVersion": lowerLayerVersion,
  "AWS::Serverless::SimpleTable": lowerSimpleTable,
  "AWS::Serverless::StateMachine": lowerStateMachine,
};
const APIS: ReadonlySet<string> = new Set(["AWS::Serverless::Api", "AWS::Serverless::HttpApi"]);

const PASSED: ReadonlySet<string> = new Set(["Condition", "DeletionPolicy", "UpdateReplacePolicy"]);

/** The template without SAM resources. Throws TemplateError for what SAM refuses and for what the local cloud cannot lower. */
export function lowerSam(raw: Fields, options: LowerOptions): Fields {
  const globals = readGlobals(raw["Globals"]);
  const sources: Record<string, SamResource> = {};
  const native: Record<string, Fields> = {};
  for (const [id, resource] of Object.entries(fieldsOf(raw["Resources"]))) {
    if (!isFields(resource))
      throw new TemplateError(
        "Template format error: Every Resources member must be an object.",
        inside("Resources", id),
      );
    const type = resource["Type"];
    if (resource["Connectors"] !== undefined)
      throw invalid(
        id,
        "The local cloud makes no Connectors: write the policies that they stand for.",
        inside(inside("Resources", id), "Connectors"),
      );
    if (typeof type === "string" && type.startsWith("AWS::Serverless::"))
      sources[id] = readResource(id, type, resource, globals);
    else native[id] = resource;
  }

  const lowering: Lowering = new Lowering(
    options,
    native,
    fieldsOf(raw["Parameters"]),
    (self) => new Apis(self, sources, globals),
  );
  for (const resource of Object.values(sources)) {
    if (APIS.has(resource.type)) continue;
    const lower = LOWERERS[resource.type];
    if (!lower)
      throw invalid(resource.id, `The local cloud cannot make ${resource.type}.`, inside(resource.path, "Type"));
    lower(lowering, resource);
  }
  lowering.apis.finish();

  const { Globals: _globals, Transform: _transform, ...rest } = raw;
  const added = Object.keys(lowering.conditions).length > 0;
  const conditions = added ? { Conditions: { ...fieldsOf(raw["Conditions"]), ...lowering.conditions } } : {};
  const outcome: Record<string, Value> = {};
  for (const [section, value] of Object.entries({ ...rest, ...conditions, Resources: lowering.made }))
    outcome[section] = renameReferences(value, lowering.renamed);
  return outcome;
}

function readResource(
  id: string,
  type: string,
  resource: Fields,
  globals: Readonly<Record<string, Fields>>,
): SamResource {
  const { Type: _type, Properties: properties = {}, ...attributes } = resource;
  const path = inside("Resources", id);
  if (!isFields(properties)) throw invalid(id, "Properties must be an object.", inside(path, "Properties"));
  const global = globals[type];
  return {
    id,
    type,
    path,
    attributes,
    metadata: fieldsOf(attributes["Metadata"]),
    passed: Object.fromEntries(Object.entries(attributes).filter(([name]) => PASSED.has(name))),
    // Merging two objects answers an object.
    properties: global === undefined ? properties : (merge(global, properties) as Fields),
  };
}
