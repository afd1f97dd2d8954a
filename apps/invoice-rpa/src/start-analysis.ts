/** Has Textract read each document that was uploaded. An upload whose event comes twice is read once. */
import { createHash } from "node:crypto";
import { StartDocumentAnalysisCommand } from "@aws-sdk/client-textract";
import { textract } from "#shared/clients/textract";
import { env } from "#shared/environment";
import { AppError, Unavailable } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3, type S3Event } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { sendMessages } from "#shared/writes/send-messages";
import type { Completion } from "./completion.ts";

/** No retry helps: the object is gone, or the function may not read it. */
class DocumentRefused extends AppError {}

const topic = env.text("ANALYSIS_COMPLETED_TOPIC");
const role = env.text("ANALYSIS_NOTIFIER_ROLE");
const completedAnalyses = env.text("COMPLETED_ANALYSES_URL");
/** Nearly all analyses have ended by then. */
const noticeMinutes = env.integer("NOTICE_MINUTES", { least: 1, most: 15 });
/** As many jobs as the account may have are open, or Textract asks to slow down: the message comes again. */
const BUSY = /^(LimitExceeded|ProvisionedThroughputExceeded|Throttling|InternalServerError)/;
const REFUSALS = /^(InvalidS3Object|UnsupportedDocument|DocumentTooLarge|BadDocument|InvalidParameter)/;

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  // The console makes folders by empty objects.
  if (event.kind !== "created" || (event.key.endsWith("/") && event.size === 0)) return;
  const { versionId } = event;
  if (versionId === undefined) throw new DocumentRefused("The event names no version: is versioning suspended?");
  const jobId = await start(event, versionId);
  await remindOf(event, versionId, jobId);
  logger.info("analysis started", { job: jobId });
});

/** Textract publishes its notice once. Should the topic not take it, the workflow starts by this message. */
async function remindOf({ bucket, key }: S3Event, versionId: string, jobId: string): Promise<void> {
  const body: Completion = {
    JobId: jobId,
    Status: "UNKNOWN",
    JobTag: versionId,
    DocumentLocation: { S3Bucket: bucket, S3ObjectName: key },
  };
  await sendMessages(completedAnalyses, [{ body, delaySeconds: noticeMinutes * 60 }]);
}

async function start({ bucket, key }: S3Event, versionId: string): Promise<string> {
  try {
    const { JobId = "" } = await textract.send(
      new StartDocumentAnalysisCommand({
        DocumentLocation: { S3Object: { Bucket: bucket, Name: key, Version: versionId } },
        FeatureTypes: ["TABLES", "FORMS"],
        NotificationChannel: { SNSTopicArn: topic, RoleArn: role },
        ClientRequestToken: createHash("sha256").update(`${bucket}\n${key}\n${versionId}`).digest("hex"),
        // The notice of completion names bucket and key, but not the version.
        JobTag: versionId,
      }),
    );
    return JobId;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (BUSY.test(name)) throw new Unavailable(`Textract is busy: ${name}`, {}, { cause: error });
    if (REFUSALS.test(name)) throw new DocumentRefused(`${name}: ${message}`, {}, { cause: error });
    throw error;
  }
}
