/** Fn::Transform with AWS::Include, for local files. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { inside, TemplateError, type Path } from "../template-error.ts";
import { isFields, isList, type Fields, type Value } from "../value.ts";
import { parseValue } from "../yaml/parse-template.ts";

/**
 * The template with the contents of included files. AWS includes from S3 only; a local path is what `sam package` would upload.
 * Throws TemplateError for other transforms, other places and files that cannot be read.
 */
export function includeFiles(raw: Fields, folder: string | undefined): Fields {
  // An object at the top stays one: the template itself is never an include.
  return walk(raw, "") as Fields;

  function walk(value: Value, path: Path): Value {
    if (isList(value)) return value.map((item, index) => walk(item, inside(path, index)));
    if (!isFields(value)) return value;
    const transform = value["Fn::Transform"];
    const own = Object.fromEntries(
      Object.entries(value).flatMap(([name, member]) =>
        name === "Fn::Transform" ? [] : [[name, walk(member, inside(path, name))]],
      ),
    );
    if (transform === undefined) return own;
    const content = include(transform, path);
    if (!isFields(content)) {
      if (Object.keys(own).length === 0) return content;
      throw new TemplateError("An included file must hold an object here", path);
    }
    return { ...content, ...own };
  }

  function include(transform: Value, path: Path): Value {
    const name = isFields(transform) ? transform["Name"] : undefined;
    const parameters = isFields(transform) ? transform["Parameters"] : undefined;
    const location = isFields(parameters) ? parameters["Location"] : undefined;
    if (name !== "AWS::Include") throw new TemplateError(`No transform named ${String(name)} found.`, path);
    if (typeof location !== "string" || /^[a-z0-9]+:\/\//.test(location))
      throw new TemplateError("The local cloud includes local files only: AWS::Include needs a path as Location", path);
    return readLocal(location, folder, path);
  }
}

/** A JSON or YAML file beside the template. Throws TemplateError naming the place that refers to it. */
export function readLocal(location: string, folder: string | undefined, path: Path): Value {
  if (folder === undefined)
    throw new TemplateError(`The local file ${location} cannot be read: the template has no folder`, path);
  let text: string;
  try {
    text = readFileSync(resolve(folder, location), "utf8");
  } catch {
    throw new TemplateError(`The file ${location} cannot be read`, path);
  }
  try {
    return parseValue(text, location.endsWith(".json") ? "JSON" : "YAML");
  } catch (error) {
    if (error instanceof TemplateError) throw new TemplateError(`${location}: ${error.reason}`, path);
    throw error;
  }
}
