/** Lets a stopped way run again, or all of them, when a person asks for it. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { release } from "./brake.ts";
import { functionsOf, WAYS } from "./ways.ts";

const Request = z.object({ way: z.enum([...WAYS, "all"]) });

const functions = functionsOf(env.text("WAYS"));
const reserved =
  env.optional("RESERVED_CONCURRENCY") === undefined
    ? undefined
    : env.integer("RESERVED_CONCURRENCY", { least: 1, most: 9_999 });

export const handler = handle({ input: Request }, async ({ way }) => {
  const released = way === "all" ? WAYS : [way];
  for (const each of released) await release(functions.get(each) ?? [], reserved);
  logger.warn("brake released", { released });
  return { released };
});
