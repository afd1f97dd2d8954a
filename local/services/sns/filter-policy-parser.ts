/** From the JSON that callers set to a filter policy, with what SNS refuses ("Filter policy constraints in Amazon SNS"). */
import { isIPv4, isIPv6 } from "node:net";
import type { Condition, Excluded, FilterPolicy } from "./filter-policy.ts";

export type FilterPolicyScope = "MessageAttributes" | "MessageBody";

/** The message is what SNS says after `Invalid parameter: `. */
export class FilterPolicyInvalid extends Error {
  override readonly name = "FilterPolicyInvalid";
}

const MAX_COMBINATIONS = 150;
const MAX_KEYS = 5;
const MAX_NUMBER = 1e9;
const OPERATORS: ReadonlySet<string> = new Set([
  "anything-but",
  "cidr",
  "equals-ignore-case",
  "exists",
  "numeric",
  "prefix",
  "suffix",
  "wildcard",
]);

/** Throws FilterPolicyInvalid. */
export function parseFilterPolicy(text: string, scope: FilterPolicyScope): FilterPolicy {
  const json = parseJson(text);
  if (!isObject(json)) throw invalid("Filter policy must be a JSON object");
  const policy = readPolicy(json);
  if (scope === "MessageAttributes" && isNested(policy)) {
    throw new FilterPolicyInvalid("Filter policy scope MessageAttributes does not support nested filter policy");
  }
  if (keyNames(policy).size > MAX_KEYS) throw invalid(`Filter policy can not have more than ${MAX_KEYS} keys`);
  if (combinations(policy, 1) > MAX_COMBINATIONS) throw invalid("Filter policy is too complex");
  return policy;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`failed to parse JSON. ${error instanceof Error ? error.message : ""}`.trim());
  }
}

function readPolicy(json: Readonly<Record<string, unknown>>): FilterPolicy {
  const keys: Record<string, readonly Condition[] | FilterPolicy> = {};
  let either: readonly FilterPolicy[] | undefined;
  for (const [key, value] of Object.entries(json)) {
    if (key === "$or" && isAlternatives(value)) either = value.map(readPolicy);
    else if (isObject(value)) keys[key] = readPolicy(value);
    else if (Array.isArray(value)) keys[key] = readConditions(value);
    else throw invalid(`"${key}" must be an object or an array`);
  }
  return { keys, either };
}

/** `$or` is an operator only before two or more objects none of whose keys is an operator; else it is a key like others. */
function isAlternatives(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((one) => isObject(one) && !Object.keys(one).some((key) => OPERATORS.has(key)))
  );
}

function readConditions(values: readonly unknown[]): Condition[] {
  if (values.length === 0) throw invalid("Empty arrays are not allowed");
  return values.map(readCondition);
}

function readCondition(value: unknown): Condition {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return checkNumber(value);
  if (!isObject(value)) throw invalid("Match value must be String, number, true, false, or null");
  const [operator, ...others] = Object.keys(value);
  if (operator === undefined) throw invalid("Empty objects are not allowed");
  if (!OPERATORS.has(operator)) throw invalid(`Unrecognized match type ${operator}`);
  if (others.length > 0) throw invalid("Only one key allowed in match expression");
  const operand = value[operator];
  switch (operator) {
    case "exists":
      if (typeof operand !== "boolean") throw invalid("exists match pattern must be either true or false.");
      return { exists: operand };
    case "numeric":
      return { numeric: readRange(operand) };
    case "anything-but":
      return { "anything-but": readExcluded(operand) };
    case "cidr":
      return { cidr: readCidr(operand) };
    case "wildcard":
      return { wildcard: readWildcard(operand) };
    case "prefix":
      return { prefix: readText(operator, operand) };
    case "suffix":
      return { suffix: readText(operator, operand) };
    default:
      return { "equals-ignore-case": readText("equals-ignore-case", operand) };
  }
}

function readText(operator: string, operand: unknown): string {
  if (typeof operand !== "string") throw invalid(`${operator} match pattern must be a string`);
  return operand;
}

function readWildcard(operand: unknown): string {
  const pattern = readText("wildcard", operand);
  if (/(^|[^\\])\*\*/.test(pattern)) throw invalid("Consecutive wildcard characters are not allowed");
  if (/\\(?![*\\])/.test(pattern.replaceAll("\\\\", ""))) throw invalid("Invalid escape character at pos");
  return pattern;
}

function readCidr(operand: unknown): string {
  const block = readText("cidr", operand);
  const [address = "", bits, ...rest] = block.split("/");
  if (bits === undefined || rest.length > 0) throw invalid("Malformed CIDR, one '/' required");
  if (!isIPv4(address) && !isIPv6(address)) throw invalid(`Nonstandard IP address: ${address}`);
  if (!/^\d{1,3}$/.test(bits)) throw invalid("Malformed CIDR, mask bits must be an integer");
  const most = isIPv4(address) ? 32 : 128;
  if (Number(bits) > most) throw invalid(`IPv${most === 32 ? 4 : 6} mask bits must be <= ${most}`);
  return block;
}

function readExcluded(operand: unknown): Excluded {
  if (typeof operand === "string" || typeof operand === "number") return operand;
  if (Array.isArray(operand)) {
    if (operand.length === 0) throw invalid("Empty arrays are not allowed");
    return operand.map((one: unknown) => {
      if (typeof one === "string" || typeof one === "number") return one;
      throw invalid("Inside anything but list, start|null|boolean is not supported.");
    });
  }
  if (!isObject(operand)) {
    throw invalid("Value of anything-but must be an array or single string/number value.");
  }
  const [operator = "", ...others] = Object.keys(operand);
  if (others.length > 0) throw invalid("Only one key allowed in match expression");
  const value = operand[operator];
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (patterns.length === 0) throw invalid("Empty arrays are not allowed");
  switch (operator) {
    case "prefix":
      return { prefix: patterns.map((one) => readText("prefix", one)) };
    case "suffix":
      return { suffix: patterns.map((one) => readText("suffix", one)) };
    case "wildcard":
      return { wildcard: patterns.map(readWildcard) };
    default:
      throw invalid(`Unsupported anything-but pattern: ${operator}`);
  }
}

/** One comparison, or a lower bound and then an upper one. */
function readRange(operand: unknown): (string | number)[] {
  if (!Array.isArray(operand)) throw invalid("Value of numeric must be an array.");
  const terms: readonly unknown[] = operand;
  const [first, bound] = terms;
  if (typeof first !== "string")
    throw invalid(`Invalid member in numeric match: ${first === undefined ? "]" : String(first)}`);
  if (!["=", "<", "<=", ">", ">="].includes(first)) throw invalid(`Unrecognized numeric range operator: ${first}`);
  if (typeof bound !== "number") throw invalid(`Value of ${first === "=" ? "equals" : first} must be numeric`);
  checkNumber(bound);
  if (terms.length === 2) return [first, bound];
  if (!first.startsWith(">")) throw invalid("Too many elements in numeric expression");
  const [, , second, top] = terms;
  if (typeof second !== "string") throw invalid(`Bad value in numeric range: ${String(second)}`);
  if (!second.startsWith("<") || second.length > 2) throw invalid(`Bad numeric range operator: ${second}`);
  if (typeof top !== "number") throw invalid(`Value of ${second} must be numeric`);
  checkNumber(top);
  if (bound >= top) throw invalid("Bottom must be less than top");
  if (terms.length > 4) throw invalid("Too many terms in numeric range expression");
  return [first, bound, second, top];
}

function checkNumber(value: number): number {
  if (Math.abs(value) > MAX_NUMBER) throw invalid(`Value must be between -1.0E9 and 1.0E9, inclusive`);
  return value;
}

const isNested = (policy: FilterPolicy): boolean =>
  Object.values(policy.keys).some((wanted) => !Array.isArray(wanted)) || (policy.either?.some(isNested) ?? false);

/** The names that count towards the limit: those of the first level, in all alternatives. */
const keyNames = (policy: FilterPolicy): Set<string> =>
  new Set([...Object.keys(policy.keys), ...(policy.either ?? []).flatMap((one) => [...keyNames(one)])]);

/** The product of the lengths of all arrays, each times the depth of its key; alternatives add up. */
function combinations(policy: FilterPolicy, depth: number): number {
  let total = 1;
  for (const wanted of Object.values(policy.keys)) {
    total *= isConditions(wanted) ? wanted.length * depth : combinations(wanted, depth + 1);
  }
  return policy.either ? total * policy.either.reduce((sum, one) => sum + combinations(one, depth), 0) : total;
}

const isConditions = (wanted: readonly Condition[] | FilterPolicy): wanted is readonly Condition[] =>
  Array.isArray(wanted);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const invalid = (message: string): FilterPolicyInvalid => new FilterPolicyInvalid(`FilterPolicy: ${message}`);
