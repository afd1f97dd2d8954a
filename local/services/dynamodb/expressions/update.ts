/** Update expressions as they are understood ("Update expressions in DynamoDB"). */
import type { Value } from "../values/value.ts";
import type { Path } from "./path.ts";

export type UpdateOperand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "if_not_exists"; readonly path: Path; readonly otherwise: UpdateOperand }
  | { readonly kind: "list_append" | "+" | "-"; readonly left: UpdateOperand; readonly right: UpdateOperand };

export type UpdateAction =
  | { readonly kind: "set"; readonly path: Path; readonly operand: UpdateOperand }
  | { readonly kind: "remove"; readonly path: Path }
  | { readonly kind: "add" | "delete"; readonly path: Path; readonly value: Value };

/** The actions in the order in which they are written. */
export type Update = readonly UpdateAction[];
