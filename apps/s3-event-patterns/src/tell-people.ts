/** Tells a group of people of a file, once an event: S3's own JSON is no reading for a person, and much too long for an SMS. */
import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "#shared/clients/sns";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { by } from "#shared/idempotency";
import { count } from "#shared/observability/metrics";
import { newsOf } from "./news.ts";

const TopicArn = env.text("PEOPLE_TOPIC_ARN");
/** SNS tries a queue for 23 days, which keeps a message for 14. */
const idempotent = by("[bucket, key, name, sequencer, time]", { expiresAfterSeconds: 38 * 86_400 });
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ idempotent, putAside }, async (event) => {
  const news = newsOf(event);
  if (!news) return;
  const { subject, mail, sms } = news;
  await sns.send(
    new PublishCommand({
      TopicArn,
      Subject: subject,
      MessageStructure: "json",
      Message: JSON.stringify({ default: sms, email: mail, sms }),
    }),
  );
  count("PeopleTold");
});
