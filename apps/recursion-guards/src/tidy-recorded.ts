/** Ledger, second part: announces the result of a recorded upload, then writes it over the original. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleDynamoDb } from "#shared/events/dynamodb";
import { announceResult } from "./ledger.ts";
import { overwrite } from "./object-store.ts";
import { originalOf, report, tidied } from "./tidied-version.ts";

const Row = z.object({
  kind: z.literal("upload"),
  bucket: z.string().check(z.minLength(1)),
  key: z.string().check(z.minLength(1)),
  versionId: z.string().check(z.minLength(1)),
});
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleDynamoDb({ row: Row, putAside }, async ({ kind, after }) => {
  // The event source lets only new rows pass; whoever wires it otherwise must not start a loop.
  if (kind !== "INSERT" || !after) return;
  const { bucket, key, versionId } = after;
  const version = { bucket, key, versionId };
  const original = await originalOf(version);
  if (!original) return;
  const result = tidied(version, original);
  await announceResult(version, result.text, Date.now());
  report(version, await overwrite(version, original.eTag, result));
});
