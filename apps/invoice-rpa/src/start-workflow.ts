/** Starts the workflow of each document that Textract has done with, whether it could read it or not; or of which it says nothing. */
import { createHash } from "node:crypto";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { logger } from "#shared/observability/logger";
import { Completion } from "./completion.ts";

const stateMachine = env.text("STATE_MACHINE_ARN");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs(
  { body: Completion, putAside },
  async ({ JobId, Status, JobTag, DocumentLocation }) => {
    const { S3Bucket: bucket_name, S3ObjectName: key } = DocumentLocation;
    const input = {
      bucket_name,
      key,
      version_id: JobTag,
      job_name: key.replaceAll("/", "-").replaceAll(":", "_"),
      job_id: JobId,
      status: Status,
      invoice_id: invoiceId(`${bucket_name}\n${key}\n${JobTag}`),
    };
    try {
      // Named by the job: notices and the reminder start one execution, whichever comes first.
      await sfn.send(
        new StartExecutionCommand({ stateMachineArn: stateMachine, name: JobId, input: JSON.stringify(input) }),
      );
      logger.info("workflow started", { job: JobId, status: Status, invoice: input.invoice_id });
    } catch (error) {
      if (!(error instanceof Error && error.name === "ExecutionAlreadyExists")) throw error;
      logger.info("workflow started before", { job: JobId });
    }
  },
);

/** One uploaded version is one invoice, however often its job is started: a UUID made of it (RFC 9562, version 8). */
function invoiceId(document: string): string {
  const hash = createHash("sha256").update(document).digest("hex");
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
