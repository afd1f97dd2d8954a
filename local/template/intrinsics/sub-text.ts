/** The text of `!Sub`: what is literal and what is a variable. */
import { TemplateError, type Path } from "../template-error.ts";

type SubPart = { readonly text: string } | { readonly variable: string };

/**
 * `${Name}` and `${Name.Attribute}` are variables, `${!Literal}` is the text `${Literal}`.
 * Throws TemplateError for names with characters that CloudFormation does not allow.
 */
export function parseSub(text: string, path: Path): readonly SubPart[] {
  const parts: SubPart[] = [];
  let literal = "";
  for (let at = 0; at < text.length;) {
    const end = text.startsWith("${", at) ? text.indexOf("}", at) : -1;
    if (end < 0) {
      literal += text[at];
      at++;
      continue;
    }
    const name = text.slice(at + 2, end);
    at = end + 1;
    if (name.startsWith("!")) {
      literal += `\${${name.slice(1)}}`;
      continue;
    }
    if (!/^[A-Za-z0-9_.:]+$/.test(name.trim()))
      throw new TemplateError(
        "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
        path,
      );
    if (literal !== "") parts.push({ text: literal });
    literal = "";
    parts.push({ variable: name.trim() });
  }
  if (literal !== "") parts.push({ text: literal });
  return parts;
}

/** The text that `parseSub` reads as these parts. */
export const formatSub = (parts: readonly SubPart[]): string =>
  parts
    .map((part) => ("variable" in part ? `\${${part.variable}}` : part.text.replaceAll(/\$\{([^}]*)\}/g, "${!$1}")))
    .join("");
