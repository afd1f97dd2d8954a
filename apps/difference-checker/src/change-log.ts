/** What changed when: a table by object, with an index by day, and the full differences in a bucket. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { Unavailable } from "#shared/errors";

export interface Change {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly versionNumber: number;
  readonly previousVersionId?: string;
  /** ISO 8601, in seconds. */
  readonly changedAt: string;
  /** Tells apart what was stored in the same second: the sequencer of S3, which rises for a key. */
  readonly sequencer?: string;
  readonly kind: "first" | "text" | "json" | "binary" | "tooLarge";
  readonly summary: string;
  /** Key of the full difference in the bucket of differences. */
  readonly differenceKey?: string;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  readonly nextToken?: string;
}

const table = env.text("CHANGE_LOG_TABLE");
const KEEP_DAYS = env.integer("KEEP_CHANGES_DAYS", { least: 1, most: 3650, otherwise: 365 });
const PER_BATCH = 100;
/** Sequencers differ in length and compare when padded on the left (Event message structure, Amazon S3 User Guide). */
const SEQUENCER_DIGITS = 32;

const objectOf = (bucket: string, key: string): string => `${bucket}/${key}`;

/** Records a change. Answers false when it was recorded before: notifications come at least once. */
export async function recordChange(change: Change): Promise<boolean> {
  const Item = {
    object: objectOf(change.bucket, change.key),
    day: change.changedAt.slice(0, 10),
    order: `${change.changedAt}#${(change.sequencer ?? "").padStart(SEQUENCER_DIGITS, "0")}`,
    // DynamoDB removes a row at epoch seconds, not milliseconds.
    expiresAt: Math.floor(Date.parse(change.changedAt) / 1000) + KEEP_DAYS * 86_400,
    ...change,
  };
  try {
    await documents.send(
      new PutCommand({ TableName: table, Item, ConditionExpression: "attribute_not_exists(versionId)" }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}

/** The recorded change of one version. */
export async function changeOf(bucket: string, key: string, versionId: string): Promise<Change | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { object: objectOf(bucket, key), versionId }, ConsistentRead: true }),
  );
  return Item && toChange(Item);
}

/** Which of these versions have been compared. Throws Unavailable when the table does not answer for all of them. */
export async function comparedAmong(
  bucket: string,
  key: string,
  versionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const compared = new Set<string>();
  for (let start = 0; start < versionIds.length; start += PER_BATCH) {
    let Keys: Record<string, unknown>[] = versionIds
      .slice(start, start + PER_BATCH)
      .map((versionId) => ({ object: objectOf(bucket, key), versionId }));
    for (let tries = 0; Keys.length > 0; tries++) {
      if (tries === 5) throw new Unavailable("The change log does not answer in full", { retryAfterSeconds: 5 });
      const { Responses, UnprocessedKeys } = await documents.send(
        new BatchGetCommand({
          RequestItems: { [table]: { Keys, ConsistentRead: true, ProjectionExpression: "versionId" } },
        }),
      );
      for (const { versionId } of Responses?.[table] ?? []) compared.add(String(versionId));
      Keys = UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return compared;
}

/** Changes of one object or of one day (UTC), the newest first. */
export async function findChanges(
  where: { readonly bucket: string; readonly key: string } | { readonly day: string },
  limit: number,
  token: Readonly<Record<string, unknown>> | undefined,
): Promise<{ changes: readonly Change[]; next: Readonly<Record<string, unknown>> | undefined }> {
  const isDay = "day" in where;
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: isDay ? "ByDay" : "ByObject",
      KeyConditionExpression: "#hash = :hash",
      ExpressionAttributeNames: { "#hash": isDay ? "day" : "object" },
      ExpressionAttributeValues: { ":hash": isDay ? where.day : objectOf(where.bucket, where.key) },
      ScanIndexForward: false,
      Limit: limit,
      ...(token ? { ExclusiveStartKey: token } : {}),
    }),
  );
  return { changes: Items.map(toChange), next: LastEvaluatedKey };
}

/** Keeps the full difference; the same version writes the same object again. Answers its key. */
export async function keepDifference(
  change: Pick<Change, "key" | "versionId">,
  body: string,
  contentType: string,
): Promise<string> {
  const key = `${change.key}/${change.versionId}`;
  await s3.send(
    new PutObjectCommand({ Bucket: env.text("DIFFERENCES_BUCKET"), Key: key, Body: body, ContentType: contentType }),
  );
  return key;
}

function toChange(item: Readonly<Record<string, unknown>>): Change {
  const { object: _object, day: _day, order: _order, expiresAt: _expiresAt, ...change } = item;
  // Written by recordChange and by nobody else.
  return change as unknown as Change;
}
