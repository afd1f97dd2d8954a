/**
 * Subscription filter policies: which messages a subscription wants ("Amazon SNS subscription filter policies").
 * Pure: texts in, answers out. `parseFilterPolicy` in filter-policy-parser.ts checks what callers set.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

export type Scalar = string | number | boolean | null;

/** One thing a value may be. */
export type Condition =
  | Scalar
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly "equals-ignore-case": string }
  | { readonly wildcard: string }
  | { readonly cidr: string }
  | { readonly exists: boolean }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly "anything-but": Excluded };

/** What a value must not be. */
export type Excluded =
  | string
  | number
  | readonly (string | number)[]
  | { readonly prefix: string | readonly string[] }
  | { readonly suffix: string | readonly string[] }
  | { readonly wildcard: string | readonly string[] };

/** Every key must hold; a key holds when one of its conditions does. `$or` holds when one of its policies does. */
export interface FilterPolicy {
  readonly keys: Readonly<Record<string, readonly Condition[] | FilterPolicy>>;
  readonly either: readonly FilterPolicy[] | undefined;
}

export interface MessageAttribute {
  readonly DataType?: string | undefined;
  readonly StringValue?: string | undefined;
}

/** Scope MessageAttributes. Binary attributes do not take part; the elements of a String.Array count one by one. */
export function matchesAttributes(
  policy: FilterPolicy,
  attributes: Readonly<Record<string, MessageAttribute>>,
): boolean {
  const body: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const value = valueOf(attribute);
    if (value !== undefined) body[name] = value;
  }
  return matches(policy, body);
}

/** Scope MessageBody. A message that is not a JSON object matches no policy. */
export function matchesBody(policy: FilterPolicy, message: string): boolean {
  try {
    const body: unknown = JSON.parse(message);
    return isObject(body) && matches(policy, body);
  } catch {
    return false;
  }
}

function valueOf({ DataType: type = "String", StringValue: text = "" }: MessageAttribute): unknown {
  if (type.startsWith("Binary")) return undefined;
  if (type.startsWith("Number")) return Number(text);
  if (type !== "String.Array") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function matches(policy: FilterPolicy, body: Readonly<Record<string, unknown>>): boolean {
  for (const [key, wanted] of Object.entries(policy.keys)) {
    const value = Object.hasOwn(body, key) ? body[key] : undefined;
    const holds = isConditions(wanted) ? anyHolds(wanted, value) : matchesNested(wanted, value);
    if (!holds) return false;
  }
  return policy.either === undefined || policy.either.some((alternative) => matches(alternative, body));
}

/** Of an array one element must match all by itself. What is absent may still match `exists: false` further down. */
function matchesNested(policy: FilterPolicy, value: unknown): boolean {
  if (Array.isArray(value) && value.length > 0) return value.some((element) => matchesNested(policy, element));
  return matches(policy, isObject(value) ? value : {});
}

function anyHolds(conditions: readonly Condition[], value: unknown): boolean {
  const leaves = leavesOf(value);
  return conditions.some((condition) =>
    isOperator(condition) && "exists" in condition
      ? condition.exists === leaves.length > 0
      : leaves.some((leaf) => holds(condition, leaf)),
  );
}

/** The scalar values at a key: objects have none, arrays those of their elements. */
function leavesOf(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === null || ["string", "number", "boolean"].includes(typeof value) ? [value as Scalar] : [];
}

function holds(condition: Condition, value: Scalar): boolean {
  if (!isOperator(condition)) return condition === value;
  if ("anything-but" in condition) return !isExcluded(condition["anything-but"], value);
  if ("numeric" in condition) return typeof value === "number" && inRange(condition.numeric, value);
  if (typeof value !== "string") return false;
  if ("prefix" in condition) return value.startsWith(condition.prefix);
  if ("suffix" in condition) return value.endsWith(condition.suffix);
  if ("wildcard" in condition) return matchesWildcard(condition.wildcard, value);
  if ("equals-ignore-case" in condition) return value.toLowerCase() === condition["equals-ignore-case"].toLowerCase();
  return "cidr" in condition && inBlock(condition.cidr, value);
}

function isExcluded(excluded: Excluded, value: Scalar): boolean {
  if (typeof excluded === "string" || typeof excluded === "number") return excluded === value;
  if (isList(excluded)) return excluded.some((one) => one === value);
  if (typeof value !== "string") return false;
  if ("prefix" in excluded) return asList(excluded.prefix).some((prefix) => value.startsWith(prefix));
  if ("suffix" in excluded) return asList(excluded.suffix).some((suffix) => value.endsWith(suffix));
  return asList(excluded.wildcard).some((pattern) => matchesWildcard(pattern, value));
}

/** Pairs of comparison and number, such as `">", 0, "<=", 100`. */
function inRange(terms: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at < terms.length; at += 2) {
    const bound = Number(terms[at + 1]);
    const holds = {
      "=": value === bound,
      "<": value < bound,
      "<=": value <= bound,
      ">": value > bound,
      ">=": value >= bound,
    };
    if (!holds[terms[at] as keyof typeof holds]) return false;
  }
  return true;
}

/** `*` stands for any text, `\*` for itself. Linear in time but for backtracking to the last star. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const tokens = pattern.match(/\\[*\\]|[^]/gu) ?? [];
  const letters = Array.from(text);
  let star = -1;
  let resume = 0;
  let at = 0;
  let token = 0;
  while (at < letters.length) {
    if (tokens[token] === "*") {
      star = token++;
      resume = at;
    } else if (isSame(tokens[token], letters[at])) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[token] === "*") token += 1;
  return token === tokens.length;
}

/** A token is a character or an escaped one. */
const isSame = (token: string | undefined, letter: string | undefined): boolean =>
  token === letter || token === `\\${letter}`;

function inBlock(cidr: string, address: string): boolean {
  const [network = "", bits = ""] = cidr.split("/");
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  if (family === "ipv4" ? !isIPv4(address) : !isIPv6(address)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}

const isConditions = (wanted: readonly Condition[] | FilterPolicy): wanted is readonly Condition[] =>
  Array.isArray(wanted);
const isOperator = (condition: Condition): condition is Exclude<Condition, Scalar> =>
  typeof condition === "object" && condition !== null;
const isList = (excluded: Excluded): excluded is readonly (string | number)[] => Array.isArray(excluded);
const asList = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
