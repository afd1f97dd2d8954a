/** From the text of a template to native resources: parsed, included, extended and lowered. */
import { expandLanguageExtensions } from "./language-extensions/expand.ts";
import { includeFiles } from "./language-extensions/include.ts";
import { lowerSam } from "./sam/lower.ts";
import { LANGUAGE_EXTENSIONS, readTemplate, SAM_TRANSFORM, type Template, transformsOf } from "./template.ts";
import { TemplateError } from "./template-error.ts";
import { isFields, type Fields } from "./value.ts";
import { parseTemplate } from "./yaml/parse-template.ts";

interface LoadOptions {
  /** Folder against which local paths (CodeUri, DefinitionUri) are resolved; without it a local path is refused. */
  readonly folder: string | undefined;
  /** The values of parameters: transforms look at some of them. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Loaded {
  readonly template: Template;
  /** The template after its transforms, as text would hold it. */
  readonly processed: Fields;
  /** The transforms that were declared. */
  readonly transforms: readonly string[];
  readonly warnings: readonly string[];
}

/** Throws TemplateError. */
export function loadTemplate(body: string, options: LoadOptions): Loaded {
  const raw = includeFiles(parseTemplate(body), options.folder);
  const transforms = transformsOf(raw);
  const warnings: string[] = [];
  const extended = expandLanguageExtensions(raw, transforms.includes(LANGUAGE_EXTENSIONS), options.parameters);
  if (transforms.includes(SAM_TRANSFORM)) {
    const lowered = lowerSam(extended, { ...options, warn: (message) => warnings.push(message) });
    return { template: readTemplate(lowered), processed: lowered, transforms, warnings };
  }
  refuseServerless(extended);
  return { template: readTemplate(extended), processed: extended, transforms, warnings };
}

function refuseServerless(raw: Fields): void {
  const resources = isFields(raw["Resources"]) ? raw["Resources"] : {};
  const found = Object.entries(resources).flatMap(([id, resource]) => {
    const type = isFields(resource) ? resource["Type"] : undefined;
    return typeof type === "string" && type.startsWith("AWS::Serverless::") ? [{ id, type }] : [];
  });
  const [first] = found;
  if (!first) return;
  const types = [...new Set(found.map(({ type }) => type))].join(", ");
  throw new TemplateError(
    `Template format error: Unrecognized resource types: [${types}]`,
    `Resources.${first.id}.Type`,
  );
}
