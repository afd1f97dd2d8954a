/** Has Textract read each document that was uploaded. An upload whose event comes twice is read once. */
import { createHash } from "node:crypto";
import { StartDocumentAnalysisCommand } from "@aws-sdk/client-textract";
import { textract } from "#shared/clients/textract";
import { env } from "#shared/environment";
import { AppError, Unavailable } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3, type S3Event } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";

/** No retry helps: the object is gone, or the function may not read it. */
class DocumentRefused extends AppError {}

const topic = env.text("ANALYSIS_COMPLETED_TOPIC");
const role = env.text("ANALYSIS_NOTIFIER_ROLE");
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
  logger.info("analysis started", { job: jobId });
});

async function start({ bucket, key }: S3Event, versionId: string): Promise<string | undefined> {
  try {
    const { JobId } = await textract.send(
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
