/** Begins to stop an available database, with a snapshot first where that is asked for. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { stopDatabase } from "./database-store.ts";
import { Database } from "./retrieve-state.ts";

const Input = z.extend(Database, { execution: z.string().check(z.regex(/^[\w-]{1,80}$/)) });
const takesSnapshot = env.flag("SNAPSHOT_ON_STOP");

export const handler = handle({ input: Input }, async ({ kind, id, execution }) => {
  // Named by the execution: a retry does not take a second snapshot.
  const snapshotId = takesSnapshot && kind === "instance" ? `auto-stop-${execution}` : undefined;
  await stopDatabase({ kind, id }, snapshotId);
  return { stopping: id, ...(snapshotId === undefined ? {} : { snapshotId }) };
});
