/** The table of labels: one row a picture, of the latest event that is known. A removal leaves a row too, for events that come late. */
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import type { Version } from "../picture/picture-event.ts";
import type { Question } from "./detect.ts";
import type { Label } from "./labels.ts";

interface Row {
  readonly imageKey: string;
  readonly order: string;
}

export interface Labelled extends Row, Version {
  readonly state: "labelled";
  readonly labels: readonly Label[];
  readonly modelVersion: string;
  /** What was asked for: another threshold may find other labels in the same picture. */
  readonly question: Question;
}

/** Not a picture that labels can be found in. */
export interface Refused extends Row, Version {
  readonly state: "refused";
  readonly reason: string;
}

export interface Removed extends Row {
  readonly state: "removed";
  /** Epoch seconds, when no event can come any more that is older. */
  readonly expiresAt: number;
}

export type LabelRow = Labelled | Refused | Removed;

const TableName = env.text("LABELS_TABLE");

export async function rowOf(imageKey: string): Promise<LabelRow | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName, Key: { imageKey }, ConsistentRead: true }));
  // Written by saveRow and by nobody else.
  return Item as LabelRow | undefined;
}

/** Answers false, and changes nothing, when the row is of the same event or of a later one. */
export async function saveRow(row: LabelRow): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName,
        Item: row,
        ConditionExpression: "attribute_not_exists(imageKey) OR #order < :order",
        ExpressionAttributeNames: { "#order": "order" },
        ExpressionAttributeValues: { ":order": row.order },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
