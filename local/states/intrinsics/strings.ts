/** States.Format, States.StringSplit. */
import { textAt } from "./arguments.ts";
import { IntrinsicProblem, type IntrinsicFunction } from "./function.ts";
import type { Json } from "../json.ts";

/** Puts the arguments into the places marked `{}`; `\{` and `\}` are braces. There must be as many arguments as places. */
function format(args: readonly Json[]): string {
  const template = textAt(args, 0, "States.Format");
  let used = 0;
  const text = template.replace(/\\([{}\\])|\{\}/g, (_, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    used++;
    const value = args[used];
    return typeof value === "string" ? value : JSON.stringify(value ?? null);
  });
  if (used !== args.length - 1)
    throw new IntrinsicProblem(`States.Format has ${used} places for ${args.length - 1} arguments`);
  return text;
}

/** Splits at each of the delimiter's characters; empty parts are left out. */
function split(args: readonly Json[]): Json {
  const text = textAt(args, 0, "States.StringSplit");
  const delimiters = new Set(textAt(args, 1, "States.StringSplit"));
  const parts: string[] = [];
  let part = "";
  for (const character of text) {
    if (!delimiters.has(character)) part += character;
    else if (part !== "") {
      parts.push(part);
      part = "";
    }
  }
  return part === "" ? parts : [...parts, part];
}

export const stringFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  "States.Format": { min: 1, max: Infinity, apply: format },
  "States.StringSplit": { min: 2, max: 2, apply: split },
};
