/** Patch operations of update calls ("API Gateway patch operations"). */
import type { PatchOperation } from "@aws-sdk/client-api-gateway";
import { badRequest } from "../store.ts";

export interface Change {
  readonly op: "add" | "remove" | "replace";
  /** The segments of the path; `~1` and `~0` are decoded. */
  readonly path: readonly string[];
  readonly value: string;
}

/** Answers whether it knows the path. */
type Apply = (change: Change) => boolean;

/** Throws BadRequestException for operations and paths that are not there. */
export function applyPatch(operations: readonly PatchOperation[] | undefined, apply: Apply): void {
  for (const { op, path = "", value = "" } of operations ?? []) {
    if (op !== "add" && op !== "remove" && op !== "replace")
      throw badRequest(`Invalid patch operation specified. Must be one of: [add, remove, replace]`);
    const segments = path
      .replace(/^\//, "")
      .split("/")
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    if (!apply({ op, path: segments, value }))
      throw badRequest(`Invalid patch path '${path}' specified for op '${op}'.`);
  }
}

export const booleanOf = (value: string): boolean => {
  if (value !== "true" && value !== "false") throw badRequest(`Invalid boolean value: ${value}`);
  return value === "true";
};

export const numberOf = (value: string): number => {
  const number = Number(value);
  if (value === "" || Number.isNaN(number)) throw badRequest(`Invalid number: ${value}`);
  return number;
};
