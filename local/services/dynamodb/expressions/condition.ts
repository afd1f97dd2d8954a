/** Conditions as they are understood, and whether an item meets them. */
import { binaryText, compareValues, sameValue, setMembers } from "../values/compare.ts";
import { textSize } from "../values/size.ts";
import { type Item, type TypeName, typeOf, type Value } from "../values/value.ts";
import { type Path, valueAt } from "./path.ts";

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: Value; readonly placeholder: string }
  | { readonly kind: "size"; readonly of: Operand };

export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly condition: Condition }
  | { readonly kind: "compare"; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "between"; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: "call"; readonly name: ConditionFunction; readonly operands: readonly Operand[] };

export const CONDITION_FUNCTIONS = [
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
] as const;
export type ConditionFunction = (typeof CONDITION_FUNCTIONS)[number];

/** Whether the item meets the condition. An item that does not exist has no attributes. */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case "and":
      return meets(item, condition.left) && meets(item, condition.right);
    case "or":
      return meets(item, condition.left) || meets(item, condition.right);
    case "not":
      return !meets(item, condition.condition);
    case "compare":
      return compares(condition.comparator, resolve(item, condition.left), resolve(item, condition.right));
    case "between": {
      const value = resolve(item, condition.operand);
      return (
        compares(">=", value, resolve(item, condition.low)) && compares("<=", value, resolve(item, condition.high))
      );
    }
    case "in": {
      const value = resolve(item, condition.operand);
      return condition.candidates.some((candidate) => compares("=", value, resolve(item, candidate)));
    }
    case "call":
      return answers(
        condition.name,
        condition.operands.map((operand) => resolve(item, operand)),
      );
  }
}

function resolve(item: Item, operand: Operand): Value | undefined {
  if (operand.kind === "value") return operand.value;
  if (operand.kind === "path") return valueAt(item, operand.path);
  const value = resolve(item, operand.of);
  const size = value === undefined ? undefined : countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

/** What is not there differs from everything, and is neither less nor more than anything. */
function compares(comparator: Comparator, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === "<>";
  if (comparator === "=") return sameValue(left, right);
  if (comparator === "<>") return !sameValue(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function answers(name: ConditionFunction, [subject, operand]: readonly (Value | undefined)[]): boolean {
  switch (name) {
    case "attribute_exists":
      return subject !== undefined;
    case "attribute_not_exists":
      return subject === undefined;
    case "attribute_type":
      return subject !== undefined && operand !== undefined && "S" in operand && typeOf(subject) === operand.S;
    case "begins_with":
      return subject !== undefined && operand !== undefined && beginsWith(subject, operand);
    case "contains":
      return subject !== undefined && operand !== undefined && contains(subject, operand);
  }
}

function beginsWith(value: Value, prefix: Value): boolean {
  if ("S" in value && "S" in prefix) return value.S.startsWith(prefix.S);
  return "B" in value && "B" in prefix && binaryText(value.B).startsWith(binaryText(prefix.B));
}

function contains(value: Value, part: Value): boolean {
  if ("S" in value) return "S" in part && value.S.includes(part.S);
  if ("B" in value) return "B" in part && binaryText(value.B).includes(binaryText(part.B));
  if ("SS" in value) return "S" in part && value.SS.includes(part.S);
  if ("NS" in value) return "N" in part && value.NS.includes(part.N);
  if ("BS" in value) return "B" in part && setMembers(value).includes(binaryText(part.B));
  return "L" in value && value.L.some((member) => sameValue(member, part));
}

/** The types that have a size. */
export const SIZED: readonly TypeName[] = ["S", "B", "SS", "NS", "BS", "L", "M"];

/** What `size()` answers: bytes of texts and binaries, members of the others. Numbers have none. */
function countOf(value: Value): number | undefined {
  if ("S" in value) return textSize(value.S);
  if ("B" in value) return value.B.length;
  if ("L" in value) return value.L.length;
  if ("M" in value) return Object.keys(value.M).length;
  return "SS" in value || "NS" in value || "BS" in value ? setMembers(value).length : undefined;
}
