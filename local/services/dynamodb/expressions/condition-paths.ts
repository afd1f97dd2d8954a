/** The paths that expressions look at or change. */
import type { Condition, Operand } from "./condition.ts";
import type { Path } from "./path.ts";
import type { Update, UpdateOperand } from "./update.ts";

export function pathsOf(condition: Condition): Path[] {
  switch (condition.kind) {
    case "and":
    case "or":
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case "not":
      return pathsOf(condition.condition);
    case "compare":
      return [condition.left, condition.right].flatMap(pathsOfOperand);
    case "between":
      return [condition.operand, condition.low, condition.high].flatMap(pathsOfOperand);
    case "in":
      return [condition.operand, ...condition.candidates].flatMap(pathsOfOperand);
    case "call":
      return condition.operands.flatMap(pathsOfOperand);
  }
}

function pathsOfOperand(operand: Operand): Path[] {
  if (operand.kind === "path") return [operand.path];
  return operand.kind === "size" ? pathsOfOperand(operand.of) : [];
}

/** The paths that an update changes and those that it reads. */
export const pathsOfUpdate = (update: Update): Path[] =>
  update.flatMap((action) => [action.path, ...(action.kind === "set" ? pathsRead(action.operand) : [])]);

function pathsRead(operand: UpdateOperand): Path[] {
  switch (operand.kind) {
    case "value":
      return [];
    case "path":
      return [operand.path];
    case "if_not_exists":
      return [operand.path, ...pathsRead(operand.otherwise)];
    default:
      return [...pathsRead(operand.left), ...pathsRead(operand.right)];
  }
}
