/** How large merged files become, and how long their sources stay. */
import { env } from "#shared/environment";

export const compaction = {
  targetBytes: env.integer("COMPACTED_MEGABYTES", { least: 1, most: 64, otherwise: 16 }) * 1_000_000,
  graceMs: env.integer("GRACE_MINUTES", { least: 31, most: 10_080, otherwise: 60 }) * 60_000,
} as const;
