/** Puts one page of what is in the bucket already into the queue of the index. The place where the next page begins is kept by name. */
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { sendMessages } from "#shared/writes/send-messages";
import { type Cursor, versionsPage } from "./objects/data-bucket.ts";

/** Keys name users: the state machine that calls this page by page gets numbers only. */
const Input = z.object({
  backFillId: z.string().check(z.regex(/^[\w-]{1,80}$/)),
  page: z.number(),
  prefix: z._default(z.string().check(z.maxLength(1_024)), ""),
});

const pageSize = env.integer("PAGE_SIZE", { least: 1, most: 1_000, otherwise: 1_000 });
const table = env.text("REQUESTS_TABLE");
const bucket = env.text("DATA_BUCKET");
const rowId = (backFillId: string, page: number): string => `back-fill/${backFillId}/${page}`;

export const handler = handle({ input: Input }, async ({ backFillId, page, prefix }) => {
  const { versions, next } = await versionsPage(prefix, await cursorOf(backFillId, page), pageSize);
  const bodies = versions
    .filter(({ isMarker, key }) => !isMarker && !key.endsWith("/"))
    .map(({ key, versionId }) => ({ body: eventOf(key, versionId) }));
  await sendMessages(env.text("CHANGES_URL"), bodies);
  if (next) await keepCursor(backFillId, page + 1, next);
  return { versions: bodies.length, isLast: next === undefined };
});

async function cursorOf(backFillId: string, page: number): Promise<Cursor | undefined> {
  if (page === 0) return undefined;
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { requestId: rowId(backFillId, page) }, ConsistentRead: true }),
  );
  return z.object({ key: z.string(), versionId: z.optional(z.string()) }).parse(Item);
}

async function keepCursor(backFillId: string, page: number, cursor: Cursor): Promise<void> {
  const removeAt = Math.floor(Date.now() / 1_000) + 7 * 86_400;
  await documents.send(
    new PutCommand({ TableName: table, Item: { requestId: rowId(backFillId, page), ...cursor, removeAt } }),
  );
}

/** As if S3 told of it now. */
const eventOf = (key: string, versionId: string) => ({
  version: "0",
  id: `back-fill ${versionId}`,
  source: "aws.s3",
  "detail-type": "Object Created",
  account: "",
  region: env.text("AWS_REGION", ""),
  time: new Date().toISOString(),
  resources: [],
  detail: { bucket: { name: bucket }, object: { key, "version-id": versionId }, reason: "back-fill" },
});
