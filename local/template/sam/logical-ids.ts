/** Logical ids that SAM builds from names which need not be alphanumeric. */
import { createHash } from "node:crypto";
import type { Value } from "../value.ts";

/** `Api` and `prod` make `ApiprodStage`; other characters become a hash behind; a name that is a function is left out. */
export function stageId(apiId: string, stageName: Value | undefined): string {
  if (typeof stageName !== "string") return `${apiId}Stage`;
  return /^[A-Za-z0-9]+$/.test(stageName) ? `${apiId}${stageName}Stage` : `${apiId}Stage${textHash(stageName)}`;
}

/** As stages, with the name at the end: `FnGetPermissionprod`. */
export function suffixed(prefix: string, name: string): string {
  return /^[A-Za-z0-9]+$/.test(name) ? `${prefix}${name}` : `${prefix}${textHash(name)}`;
}

const textHash = (text: string): string => createHash("sha1").update(text).digest("hex").slice(0, 10);
