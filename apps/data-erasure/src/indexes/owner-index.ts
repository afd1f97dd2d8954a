/** Which user owns which object, version by version, in DynamoDB: for objects that belong to one user as a whole. */
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { writeItems } from "#shared/writes/write-items";
import type { Finding } from "../report.ts";
import { ownerOf } from "../user-ids.ts";

const table = env.text("OWNERS_TABLE");
const Item = z.object({ userId: z.string(), objectKey: z.string(), versionId: z.string() });

/** A sort key has at most 1,024 bytes, which a key of S3 alone may have. */
const itemKey = (userId: string, key: string, versionId: string) => ({
  userId,
  version: `${versionId} ${createHash("sha256").update(key).digest("hex")}`,
});

/** Objects whose name names nobody are passed over. */
export async function addOwner(key: string, versionId: string): Promise<void> {
  const userId = ownerOf(key);
  if (userId === undefined) return;
  await writeItems(table, { put: [{ ...itemKey(userId, key, versionId), objectKey: key, versionId }] });
}

export async function forgetOwner(key: string, versionIds: readonly string[]): Promise<void> {
  const userId = ownerOf(key);
  if (userId === undefined) return;
  await writeItems(table, { remove: versionIds.map((versionId) => itemKey(userId, key, versionId)) });
}

const USERS_AT_A_TIME = 10;

export async function findOwned(users: readonly string[]): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  const next = users.values();
  const seekers = Array.from({ length: Math.min(USERS_AT_A_TIME, users.length) }, async () => {
    for (const user of next) found.push(...(await ownedBy(user)));
  });
  await Promise.all(seekers);
  return found;
}

async function ownedBy(user: string): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "userId = :user",
        ExpressionAttributeValues: { ":user": user },
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const item of Items) {
      const { objectKey, versionId } = Item.parse(item);
      found.push({ kind: "object", key: objectKey, versionId, user, rows: 0 });
    }
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return found;
}
