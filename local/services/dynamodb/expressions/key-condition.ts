/** Key condition expressions: one value of the partition key, and one condition on the sort key at most. */
import { invalid, invalidParameters } from "../validation.ts";
import { type TypeName, typeOf, type Value } from "../values/value.ts";
import type { Comparator, Condition, Operand } from "./condition.ts";
import { parseCondition } from "./parse-condition.ts";
import type { Placeholders } from "./placeholders.ts";

/** Bounds are inclusive unless they say otherwise. */
export type SortCondition =
  | { readonly kind: "range"; readonly low?: Bound; readonly high?: Bound }
  | { readonly kind: "prefix"; readonly prefix: Value };

interface Bound {
  readonly value: Value;
  readonly exclusive?: boolean;
}

interface KeyCondition {
  readonly hash: Value;
  readonly sort: SortCondition | undefined;
}

/** The keys that a query is made on. */
export interface QueriedKeys {
  readonly hash: { readonly name: string; readonly type: TypeName };
  readonly sort: { readonly name: string; readonly type: TypeName } | undefined;
}

type Clause =
  | { readonly kind: Comparator; readonly name: string; readonly value: Value }
  | { readonly kind: "BETWEEN"; readonly name: string; readonly low: Value; readonly high: Value }
  | { readonly kind: "begins_with"; readonly name: string; readonly value: Value };

/** The condition as it is written; `bindKeyCondition` fits it to the keys. */
export function parseKeyCondition(text: string, placeholders: Placeholders): readonly Clause[] {
  const clauses = clausesOf(parseCondition("KeyConditionExpression", text, placeholders));
  if (new Set(clauses.map(({ name }) => name)).size < clauses.length) {
    throw invalid("KeyConditionExpressions must only contain one condition per key");
  }
  if (clauses.length > 2) throw invalid("Conditions can be of length 1 or 2 only");
  return clauses;
}

export function bindKeyCondition(clauses: readonly Clause[], keys: QueriedKeys): KeyCondition {
  const hash = clauses.find(({ name }) => name === keys.hash.name);
  if (hash === undefined) throw invalid(`Query condition missed key schema element: ${keys.hash.name}`);
  const other = clauses.find((clause) => clause !== hash);
  if (other !== undefined && other.name !== keys.sort?.name) {
    throw keys.sort === undefined
      ? invalid("Query key condition not supported")
      : invalid(`Query condition missed key schema element: ${keys.sort.name}`);
  }
  if (hash.kind !== "=" || other?.kind === "<>") throw invalid("Query key condition not supported");
  checkOperand(hash.value, keys.hash);
  return { hash: hash.value, sort: other && keys.sort && sortConditionOf(other, keys.sort) };
}

function sortConditionOf(clause: Clause, key: { readonly name: string; readonly type: TypeName }): SortCondition {
  if (clause.kind === "BETWEEN") {
    checkOperand(clause.low, key);
    checkOperand(clause.high, key);
    return { kind: "range", low: { value: clause.low }, high: { value: clause.high } };
  }
  const { kind, value } = clause;
  checkOperand(value, key);
  switch (kind) {
    case "begins_with":
      return { kind: "prefix", prefix: value };
    case "<":
    case "<=":
      return { kind: "range", high: { value, exclusive: kind === "<" } };
    case ">":
    case ">=":
      return { kind: "range", low: { value, exclusive: kind === ">" } };
    default:
      return { kind: "range", low: { value }, high: { value } };
  }
}

function checkOperand(value: Value, key: { readonly name: string; readonly type: TypeName }): void {
  if (typeOf(value) !== key.type) throw invalidParameters("Condition parameter type does not match schema type");
  if (("S" in value && value.S === "") || ("B" in value && value.B.length === 0)) {
    const what = "S" in value ? "string" : "binary";
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${key.name}`,
    );
  }
}

function clausesOf(condition: Condition): Clause[] {
  switch (condition.kind) {
    case "and":
      return [...clausesOf(condition.left), ...clausesOf(condition.right)];
    case "compare":
      return [comparison(condition.comparator, condition.left, condition.right)];
    case "between":
      return [
        {
          kind: "BETWEEN",
          name: nameOf(condition.operand),
          low: valueOf(condition.low),
          high: valueOf(condition.high),
        },
      ];
    case "call": {
      if (condition.name !== "begins_with") throw notAllowed(condition.name);
      const [subject, prefix] = condition.operands;
      if (!subject || !prefix) throw notAllowed(condition.name);
      return [{ kind: "begins_with", name: nameOf(subject), value: valueOf(prefix) }];
    }
    default:
      throw notAllowed(condition.kind.toUpperCase());
  }
}

const MIRRORED: Readonly<Record<Comparator, Comparator>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function comparison(comparator: Comparator, left: Operand, right: Operand): Clause {
  if (comparator === "<>") throw notAllowed("<>");
  if (left.kind === "value") {
    return { kind: MIRRORED[comparator], name: nameOf(right), value: left.value };
  }
  return { kind: comparator, name: nameOf(left), value: valueOf(right) };
}

function nameOf(operand: Operand): string {
  if (operand.kind === "size") throw invalid("KeyConditionExpressions cannot contain nested operations");
  if (operand.kind === "value") {
    throw invalid("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (operand.path.length > 1) throw invalid("KeyConditionExpressions cannot have conditions on nested attributes");
  return operand.path[0];
}

function valueOf(operand: Operand): Value {
  if (operand.kind === "size") throw invalid("KeyConditionExpressions cannot contain nested operations");
  if (operand.kind === "path") {
    throw invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  }
  return operand.value;
}

const notAllowed = (operator: string): Error => invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);
