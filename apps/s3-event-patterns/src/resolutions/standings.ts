/** Where each picture stands by the latest event that is known. Removals are remembered until no older event can come any more. */
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import type { Version } from "../picture/picture-event.ts";
import type { Standing } from "./agree.ts";

const TableName = env.text("STANDINGS_TABLE");
const REMEMBER_REMOVALS_SECONDS =
  env.integer("REMEMBER_REMOVALS_DAYS", { least: 38, most: 3_650, otherwise: 45 }) * 86_400;

interface Row extends Partial<Version> {
  readonly imageKey: string;
  readonly order: string;
  /** Epoch seconds; of removals only. */
  readonly expiresAt?: number;
}

export async function standingOf(imageKey: string): Promise<Standing | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { imageKey }, ConsistentRead: true }));
  if (!Item) return undefined;
  // Written by noteStanding and by nobody else.
  const { order, versionId, eTag } = Item as Row;
  return { order, version: versionId !== undefined && eTag !== undefined ? { versionId, eTag } : undefined };
}

/** Changes nothing when the same event or a later one is noted. */
export async function noteStanding(imageKey: string, { order, version }: Standing): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1_000) + REMEMBER_REMOVALS_SECONDS;
  const row: Row = { imageKey, order, ...(version ?? { expiresAt }) };
  try {
    await documents.send(
      new PutCommand({
        TableName,
        Item: row,
        ConditionExpression: "attribute_not_exists(imageKey) OR #order < :order",
        ExpressionAttributeNames: { "#order": "order" },
        ExpressionAttributeValues: { ":order": order },
      }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return;
    throw error;
  }
}
