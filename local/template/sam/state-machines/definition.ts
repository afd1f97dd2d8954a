/** Where a state machine's definition comes from, as the native resource wants it. */
import { inside } from "../../template-error.ts";
import { compact, isFields, isList, valueFunction, type Fields, type Value } from "../../value.ts";
import { readLocal } from "../../language-extensions/include.ts";
import { s3Location } from "../code.ts";
import { fieldsOf, invalid, type Lowering, type SamResource, textOf } from "../lowering.ts";

/** `DefinitionString` or `DefinitionS3Location`, and `DefinitionSubstitutions`. Throws TemplateError. */
export function stateMachineDefinition(lowering: Lowering, resource: SamResource): Fields {
  const { Definition: inline, DefinitionUri: uri, DefinitionSubstitutions: given } = resource.properties;
  const path = inside(resource.path, "Properties");
  if ((inline === undefined) === (uri === undefined))
    throw invalid(resource.id, "Specify either 'Definition' or 'DefinitionUri' property and not both.", path);
  const substitutions: Record<string, Value> = { ...fieldsOf(given) };
  const members = (definition: Value): Fields =>
    compact({
      // A definition text that is itself a function stays one.
      DefinitionString: JSON.stringify(definition, undefined, 2),
      DefinitionSubstitutions: Object.keys(substitutions).length > 0 ? substitutions : undefined,
    });
  if (inline !== undefined) {
    if (!isFields(inline)) throw invalid(resource.id, "'Definition' must be an object.", inside(path, "Definition"));
    return members(liftFunctions(inline, substitutions));
  }
  const s3 = s3Location(uri);
  if (s3)
    return compact({
      DefinitionS3Location: compact({ Bucket: s3.bucket, Key: s3.key, Version: s3.version }),
      DefinitionSubstitutions: given,
    });
  const location = textOf(uri);
  if (location === undefined || /^[a-z0-9]+:\/\//i.test(location))
    throw invalid(
      resource.id,
      "'DefinitionUri' must be an S3 location or a local file.",
      inside(path, "DefinitionUri"),
    );
  const definition = readLocal(location, lowering.options.folder, inside(path, "DefinitionUri"));
  if (!isFields(definition))
    throw invalid(resource.id, `${location} holds no definition.`, inside(path, "DefinitionUri"));
  return members(definition);
}

/** Functions inside an inline definition become substitutions, since a definition is a text. */
function liftFunctions(value: Value, substitutions: Record<string, Value>): Value {
  if (isList(value)) return value.map((item) => liftFunctions(item, substitutions));
  if (!isFields(value)) return value;
  if (valueFunction(value)) {
    const name = `definition_substitution_${Object.keys(substitutions).length + 1}`;
    substitutions[name] = value;
    return `\${${name}}`;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, liftFunctions(member, substitutions)]),
  );
}
