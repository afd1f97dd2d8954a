/** Which partitions a condition leaves: only what can be told from partition columns and literals; anything else may be true. */
import { isNode, type Node, type Reference } from "./statement.ts";

export interface PartitionColumn {
  readonly name: string;
  readonly isNumber: boolean;
}

type Values = Readonly<Record<string, string>>;
type Literal = string | number;

/** Whether a partition with these values may hold rows that the reference wants. */
export function isWanted(reference: Reference, columns: readonly PartitionColumn[], values: Values): boolean {
  return reference.where === undefined || mayHold(reference.where, reference.alias, columns, values);
}

function mayHold(condition: Node, alias: string, columns: readonly PartitionColumn[], values: Values): boolean {
  const children = (Array.isArray(condition["children"]) ? condition["children"] : []).filter(isNode);
  const holds = (child: Node) => mayHold(child, alias, columns, values);
  const valueOf = (node: unknown): Literal | undefined => {
    const column = columnIn(node, alias, columns);
    if (!column) return undefined;
    const value = values[column.name] ?? "";
    return column.isNumber ? Number(value) : value;
  };
  const compare = (left: unknown, right: unknown, test: (order: number) => boolean): boolean => {
    const a = valueOf(left) ?? literalIn(left);
    const b = valueOf(right) ?? literalIn(right);
    if (a === undefined || b === undefined || (valueOf(left) ?? valueOf(right)) === undefined) return true;
    return test(order(a, b));
  };
  switch (condition["type"]) {
    case "CONJUNCTION_AND":
      return children.every(holds);
    case "CONJUNCTION_OR":
      return children.some(holds);
    case "COMPARE_BETWEEN":
      return (
        compare(condition["input"], condition["lower"], (order) => order >= 0) &&
        compare(condition["input"], condition["upper"], (order) => order <= 0)
      );
    case "COMPARE_IN": {
      const [input, ...options] = children;
      return options.some((option) => compare(input, option, (order) => order === 0));
    }
    default: {
      const test = COMPARISONS[String(condition["type"])];
      return test === undefined || compare(condition["left"], condition["right"], test);
    }
  }
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  COMPARE_EQUAL: (order) => order === 0,
  COMPARE_LESSTHAN: (order) => order < 0,
  COMPARE_LESSTHANOREQUALTO: (order) => order <= 0,
  COMPARE_GREATERTHAN: (order) => order > 0,
  COMPARE_GREATERTHANOREQUALTO: (order) => order >= 0,
};

function order(a: Literal, b: Literal): number {
  if (typeof a === "number" || typeof b === "number") return Number(a) - Number(b);
  return a < b ? -1 : a > b ? 1 : 0;
}

function columnIn(node: unknown, alias: string, columns: readonly PartitionColumn[]): PartitionColumn | undefined {
  if (!isNode(node) || node["type"] !== "COLUMN_REF" || !Array.isArray(node["column_names"])) return undefined;
  const names = node["column_names"].map((name) => String(name).toLowerCase());
  if (names.length > 1 && names.at(-2) !== alias) return undefined;
  return columns.find(({ name }) => name === names.at(-1));
}

function literalIn(node: unknown): Literal | undefined {
  if (!isNode(node)) return undefined;
  // DATE '2030-01-07' is a cast of a text.
  if (node["class"] === "CAST") return literalIn(node["child"]);
  const value = node["class"] === "CONSTANT" && isNode(node["value"]) ? node["value"]["value"] : undefined;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}
