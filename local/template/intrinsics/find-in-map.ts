/** Fn::FindInMap, with the default value that came with AWS::LanguageExtensions. */
import { TemplateError, type Path } from "../template-error.ts";
import { isFields, isList, type Value } from "../value.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

export function findInMap(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const malformed = () =>
    new TemplateError(
      "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
      path,
    );
  if (!isList(argument) || argument.length < 3 || argument.length > 4) throw malformed();
  const [mapName, first, second] = argument.slice(0, 3).map((part) => evaluate(part, scope, path));
  const options = argument[3];
  const fallback = isFields(options) ? options["DefaultValue"] : undefined;
  if (options !== undefined && fallback === undefined) throw malformed();
  const names = [mapName, first, second].map(String);
  const map = scope.mappings[names[0] ?? ""];
  const entry = isFields(map) ? map[names[1] ?? ""] : undefined;
  const value = isFields(entry) ? entry[names[2] ?? ""] : undefined;
  if (value !== undefined) return value;
  if (fallback !== undefined) return evaluate(fallback, scope, path);
  if (map === undefined)
    throw new TemplateError(
      `Template error: Mapping named '${names[0]}' is not present in the 'Mappings' section of template`,
      path,
    );
  throw new TemplateError(`Template error: Unable to get mapping for ${names.join("::")}`, path);
}
