/** The ledger in DynamoDB: who uploaded what, and which contents are results. */
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { expectedETag, expiryOf, resultId, type Upload, uploadId } from "./ledger-rows.ts";
import type { Version } from "./object-store.ts";

const TableName = env.text("LEDGER_TABLE");
const keepDays = env.integer("KEEP_LEDGER_DAYS", { least: 1, most: 30 });

/** Writes an upload down. Answers false when it was there already: the event has come twice. */
export async function recordUpload(upload: Upload, nowMs: number): Promise<boolean> {
  const Item = { id: uploadId(upload), kind: "upload", ...upload, expiresAt: expiryOf(nowMs, keepDays) };
  return holds(documents.send(new PutCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(id)" })));
}

/** Announces that this text is about to replace a version. */
export async function announceResult(source: Version, text: string, nowMs: number): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName,
      Key: { id: resultId(source, expectedETag(text)) },
      UpdateExpression: "ADD sources :source SET kind = :kind, expiresAt = :expiry",
      ExpressionAttributeValues: {
        ":source": new Set([source.versionId]),
        ":kind": "result",
        ":expiry": expiryOf(nowMs, keepDays),
      },
    }),
  );
}

/**
 * Whether a version is a result that was announced, and not an upload that happens to have the same content: as many versions
 * are results as were announced, a version is never the result of itself, and what was recognised once is recognised again.
 */
export async function isResult({
  eTag = "",
  ...version
}: Version & { readonly eTag?: string | undefined }): Promise<boolean> {
  return holds(
    documents.send(
      new UpdateCommand({
        TableName,
        Key: { id: resultId(version, eTag) },
        UpdateExpression: "ADD results :results",
        ConditionExpression:
          "attribute_exists(id) AND NOT contains(sources, :version) AND " +
          "(attribute_not_exists(results) OR contains(results, :version) OR size(results) < size(sources))",
        ExpressionAttributeValues: { ":version": version.versionId, ":results": new Set([version.versionId]) },
      }),
    ),
  );
}

async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
