/** The short forms of the intrinsic functions (Intrinsic function reference). */
import type { Value } from "../value.ts";

const FUNCTIONS: ReadonlySet<string> = new Set([
  "And",
  "Base64",
  "Cidr",
  "Equals",
  "FindInMap",
  "ForEach",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
]);

/** `!Sub text` is `{ "Fn::Sub": text }`. Answers undefined for a tag that CloudFormation does not know. */
export function longForm(tag: string, value: Value): Value | undefined {
  const name = tag.replace(/^!/, "");
  if (name === "Ref" || name === "Condition") return { [name]: value };
  if (name === "GetAtt") return { "Fn::GetAtt": typeof value === "string" ? splitAttribute(value) : value };
  return FUNCTIONS.has(name) ? { [`Fn::${name}`]: value } : undefined;
}

/** `Database.Endpoint.Address` names the attribute `Endpoint.Address` of `Database`. */
export function splitAttribute(text: string): readonly string[] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}
