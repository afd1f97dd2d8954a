/** References to resources that lowering gave another logical id. */
import { parseSub, formatSub } from "../intrinsics/sub-text.ts";
import { isFields, isList, type Fields, type Value } from "../value.ts";

/** `!Ref Fn.Alias`, `!Ref Layer`, `!GetAtt Layer.x` and `${Fn.Version}` made to name what is there. */
export function renameReferences(value: Value, renamed: ReadonlyMap<string, string>): Value {
  if (renamed.size === 0) return value;
  if (isList(value)) return value.map((item) => renameReferences(item, renamed));
  if (!isFields(value)) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only) {
    const [name, argument] = only;
    if (name === "Ref" && typeof argument === "string") return { Ref: renamed.get(argument) ?? argument };
    if (name === "Fn::GetAtt") return { "Fn::GetAtt": renameAttribute(argument, renamed) };
    if (name === "Fn::Sub") return { "Fn::Sub": renameSub(argument, renamed) };
  }
  return Object.fromEntries(entries.map(([name, member]) => [name, renameReferences(member, renamed)]));
}

/** `Layer.Arn`, and `Fn.Alias.Name` for attributes of what SAM makes. */
function renameAttribute(argument: Value, renamed: ReadonlyMap<string, string>): Value {
  const parts = typeof argument === "string" ? argument.split(".") : isList(argument) ? argument : undefined;
  if (!parts || !parts.every((part) => typeof part === "string")) return argument;
  const [first = "", ...rest] = parts.flatMap((part) => part.split("."));
  const [second = "", ...more] = rest;
  const deep = more.length > 0 ? renamed.get(`${first}.${second}`) : undefined;
  if (deep !== undefined) return [deep, more.join(".")];
  const plain = renamed.get(first);
  return plain === undefined ? argument : [plain, rest.join(".")];
}

function renameSub(argument: Value, renamed: ReadonlyMap<string, string>): Value {
  const [text, variables] = isList(argument) ? argument : [argument, undefined];
  if (typeof text !== "string") return argument;
  const own: Fields = isFields(variables) ? variables : {};
  const changed = formatSub(
    parseSub(text, "").map((part) => {
      if (!("variable" in part) || part.variable in own) return part;
      const whole = renamed.get(part.variable);
      if (whole !== undefined) return { variable: whole };
      const [first = "", ...rest] = part.variable.split(".");
      const plain = renamed.get(first);
      return plain === undefined ? part : { variable: [plain, ...rest].join(".") };
    }),
  );
  return isFields(variables) ? [changed, renameReferences(variables, renamed)] : changed;
}
