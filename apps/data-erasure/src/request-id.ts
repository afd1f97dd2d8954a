/** What a request is called: who asks twice for the same thing asks once. */
import { createHash } from "node:crypto";

/** The same parts make the same id. */
export const requestIdOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
