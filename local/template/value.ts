/** What a template is made of once it is parsed: JSON values, intrinsic functions in their long form. */

export type Value = string | number | boolean | null | readonly Value[] | Fields;
export interface Fields {
  readonly [name: string]: Value;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
// Array.isArray does not narrow readonly arrays out of a union.
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isScalar = (value: Value | undefined): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** The object without the members that are undefined. */
export function compact(members: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
  const result: Record<string, Value> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) result[name] = value;
  return result;
}

/** The function's name and argument when the value is a call such as `{ "Fn::Join": [...] }` or `{ Ref: "Queue" }`. */
export function intrinsic(value: Value | undefined): { readonly name: string; readonly argument: Value } | undefined {
  if (!isFields(value)) return undefined;
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined) return undefined;
  if (name !== "Ref" && name !== "Condition" && !name.startsWith("Fn::")) return undefined;
  const argument = value[name];
  return argument === undefined ? undefined : { name, argument };
}

/** As `intrinsic`, without `Condition`, which is also a plain member of IAM statements. */
export function valueFunction(
  value: Value | undefined,
): { readonly name: string; readonly argument: Value } | undefined {
  const call = intrinsic(value);
  return call?.name === "Condition" ? undefined : call;
}

export const ref = (name: string): Fields => ({ Ref: name });
export const getAtt = (name: string, attribute: string): Fields => ({ "Fn::GetAtt": [name, attribute] });
export const sub = (text: string, variables?: Fields): Fields => ({
  "Fn::Sub": variables === undefined ? text : [text, variables],
});
