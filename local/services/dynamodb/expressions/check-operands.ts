/** What may be said of the operands of a condition before any item is looked at. */
import { compareValues } from "../values/compare.ts";
import { inWords, TYPE_NAMES, type TypeName, typeOf } from "../values/value.ts";
import { type Comparator, type ConditionFunction, type Operand, SIZED } from "./condition.ts";
import type { Issues } from "./issues.ts";
import { pathInWords, samePath } from "./path.ts";

const ORDERED: readonly TypeName[] = ["S", "N", "B"];
const MOST_CANDIDATES = 100;

/** The type of an operand where it is known without an item. */
function knownType(operand: Operand): TypeName | undefined {
  if (operand.kind === "size") return "N";
  // An undefined placeholder is an issue of its own.
  return operand.kind === "value" && operand.placeholder !== "" ? typeOf(operand.value) : undefined;
}

export function checkCompare(comparator: Comparator, left: Operand, right: Operand, issues: Issues): void {
  if (comparator !== "=" && comparator !== "<>") {
    for (const operand of [left, right]) checkType(`operator: ${comparator}`, operand, ORDERED, issues);
  }
  checkDistinct(comparator, left, [right], issues);
}

export function checkBetween(operand: Operand, low: Operand, high: Operand, issues: Issues): void {
  for (const each of [operand, low, high]) checkType("operator: BETWEEN", each, ORDERED, issues);
  checkDistinct("BETWEEN", operand, [low, high], issues);
  if (low.kind !== "value" || high.kind !== "value" || low.placeholder === "" || high.placeholder === "") return;
  const bounds = `lower bound operand: AttributeValue: ${inWords(low.value)}, upper bound operand: AttributeValue: ${inWords(high.value)}`;
  if (typeOf(low.value) !== typeOf(high.value)) {
    issues.note("type", `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  } else if ((compareValues(low.value, high.value) ?? 0) > 0) {
    issues.note(
      "type",
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

export function checkIn(operand: Operand, candidates: readonly Operand[], issues: Issues): void {
  if (candidates.length > MOST_CANDIDATES) wrongCount("IN", candidates.length + 1, issues);
  checkDistinct("IN", operand, candidates, issues);
}

export function checkSize(operands: readonly Operand[], issues: Issues): void {
  const [operand] = operands;
  if (operands.length !== 1 || operand === undefined) wrongCount("size", operands.length, issues);
  else checkType("operator or function: size", operand, SIZED, issues);
}

export function checkCall(name: ConditionFunction, operands: readonly Operand[], issues: Issues): void {
  const [subject, operand] = operands;
  const wanted = name === "attribute_exists" || name === "attribute_not_exists" ? 1 : 2;
  if (operands.length !== wanted || subject === undefined) return wrongCount(name, operands.length, issues);
  if (operand === undefined) {
    if (subject.kind === "path") return;
    return issues.note("path", `Operator or function requires a document path; operator or function: ${name}`);
  }
  if (name === "attribute_type") checkTypeName(operand, issues);
  if (name === "begins_with") {
    for (const each of operands) checkType("operator or function: begins_with", each, ["S", "B"], issues);
  }
  checkDistinct(name, subject, [operand], issues);
}

function checkTypeName(operand: Operand, issues: Issues): void {
  checkType("operator or function: attribute_type", operand, ["S"], issues);
  if (operand.kind === "path") {
    return issues.note(
      "type",
      `Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {${TYPE_NAMES.join(",")}}`,
    );
  }
  if (operand.kind !== "value" || !("S" in operand.value)) return;
  const { S: name } = operand.value;
  if (TYPE_NAMES.some((known) => known === name)) return;
  issues.note("type", `Invalid attribute type name found; type: ${name}, valid types: {${TYPE_NAMES.join(",")}}`);
}

function checkType(what: string, operand: Operand, allowed: readonly TypeName[], issues: Issues): void {
  const type = knownType(operand);
  if (type === undefined || allowed.includes(type)) return;
  issues.note("type", `Incorrect operand type for operator or function; ${what}, operand type: ${type}`);
}

function checkDistinct(what: string, first: Operand, others: readonly Operand[], issues: Issues): void {
  if (first.kind !== "path") return;
  if (!others.some((other) => other.kind === "path" && samePath(first.path, other.path))) return;
  issues.note(
    "distinct",
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${what}, first operand: ${pathInWords(first.path)}`,
  );
}

function wrongCount(what: string, count: number, issues: Issues): void {
  issues.note(
    "count",
    `Incorrect number of operands for operator or function; operator or function: ${what}, number of operands: ${count}`,
  );
}
