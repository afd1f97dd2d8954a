/** Writes the record of a picture. */
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { Conflict } from "#shared/errors";
import type { Picture } from "./picture.ts";
import type { Entry, Status } from "./record.ts";

/** Another execution has taken the picture over: it took this one for dead. */
export class PictureTakenOver extends Conflict {}

export interface Result {
  readonly status: Status;
  readonly language: string;
  readonly textKey: string;
  readonly text: string | undefined;
  readonly translations: Readonly<Record<string, Entry>>;
  readonly translatedAt: string;
}

/** Completes the record that the execution has claimed. Throws PictureTakenOver. */
export async function saveResult(picture: Picture, execution: string, result: Result): Promise<void> {
  // What is undefined is not written: a text that does not fit leaves its key.
  const members = Object.entries(result).filter(([, value]) => value !== undefined);
  try {
    await documents.send(
      new UpdateCommand({
        TableName: env.text("TRANSLATIONS_TABLE"),
        Key: { picture: picture.key, version: picture.versionId },
        ConditionExpression: "claimedBy = :execution",
        UpdateExpression: `SET ${members.map(([name]) => `#${name} = :${name}`).join(", ")}`,
        ExpressionAttributeNames: Object.fromEntries(members.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ":execution": execution,
          ...Object.fromEntries(members.map(([name, value]) => [`:${name}`, value])),
        },
      }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException")
      throw new PictureTakenOver("Another execution is translating this picture", {}, { cause: error });
    throw error;
  }
}
