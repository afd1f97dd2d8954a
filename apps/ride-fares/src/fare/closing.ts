/** The end of a fare in pipes and choreography: its status, and the notice to whoever is interested. The saga's machine does the same itself. */
import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "#shared/clients/sns";
import { env } from "#shared/environment";
import { logger } from "#shared/observability/logger";
import type { Outcome } from "./fare.ts";
import { close, noteNoticeSent, noticeOf } from "./fare-store.ts";

const TOPIC = env.text("FARE_PROCESSED_TOPIC");

/**
 * Once more is no harm, and told once: unless the note of it is lost, then twice. Whoever undoes a fare, or had it completed before, is not
 * contradicted.
 */
export async function closeFare(fareId: string, outcome: Outcome, now: Date): Promise<void> {
  const fare = await close(fareId, outcome, now);
  if (fare.status !== outcome) return logger.warn("ended otherwise", { fareId, status: fare.status, outcome });
  if (fare.noticeSentAt !== undefined) return;
  const isSuccessful = fare.status === "completed";
  await sns.send(
    new PublishCommand({
      TopicArn: TOPIC,
      Subject: isSuccessful ? "Transaction Succeeded" : "Transaction Failed",
      Message: JSON.stringify(noticeOf(fare)),
      MessageAttributes: { IsSuccessful: { DataType: "String", StringValue: String(isSuccessful) } },
    }),
  );
  await noteNoticeSent(fareId, now);
}
