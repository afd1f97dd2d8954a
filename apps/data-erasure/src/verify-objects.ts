/** Looks whether one part of the report is really gone: no version that it names, and no row of its users in what is there now. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { makerOf } from "./erase-object.ts";
import { isMadeBy, versionOf, versionsOf } from "./objects/data-bucket.ts";
import { readUsers } from "./objects/user-rows.ts";
import { partOf, type ReportedObject } from "./report.ts";
import { reportOfRound } from "./stores/papers.ts";

const Input = z.object({ requestId: z.string(), round: z.number(), part: z.number() });

export const handler = handle({ input: Input }, async ({ requestId, round, part }) => {
  const objects = partOf(await reportOfRound(requestId, round), part);
  let remaining = 0;
  for (const object of objects) {
    const left = (await versionsLeft(object)) + (await rowsLeft(requestId, object));
    if (left > 0) logger.warn("something is still there", { requestId, part, left });
    remaining += left;
  }
  return { remaining };
});

async function versionsLeft({ key, versions }: ReportedObject): Promise<number> {
  const reported = new Set(versions.map(({ versionId }) => versionId));
  return (await versionsOf(key)).filter(({ versionId }) => reported.has(versionId)).length;
}

/** Of an upload that came after the report, rows are no failure: the next report names them. */
async function rowsLeft(requestId: string, { kind, key, versions }: ReportedObject): Promise<number> {
  const [latest] = kind === "rows" ? await versionsOf(key) : [];
  const version = latest && !latest.isMarker ? await versionOf(key, latest.versionId) : undefined;
  if (!version || !versions.some(({ versionId }) => isMadeBy(version, makerOf(requestId, versionId)))) return 0;
  const users = new Set(versions.flatMap((reported) => reported.users.map(({ user }) => user)));
  let left = 0;
  await readUsers(key, version, (user) => {
    if (users.has(user)) left += 1;
  });
  return left;
}
