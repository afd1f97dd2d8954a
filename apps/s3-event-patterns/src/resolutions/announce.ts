/** Tells the makers of a version that S3 announces to nobody: one that came up again because a newer one was removed. */
import { PublishCommand } from "@aws-sdk/client-sns";
import { sns } from "#shared/clients/sns";
import { env } from "#shared/environment";
import type { PictureEvent, Version } from "../picture/picture-event.ts";

const TopicArn = env.text("UPLOADS_TOPIC_ARN");

/** In the form of S3's own notifications, so that filters and makers need to know no other. */
export async function announce(
  { bucket, key, order }: PictureEvent,
  { versionId, eTag }: Version,
  time: string,
): Promise<void> {
  const record = {
    eventVersion: "2.6",
    eventSource: "aws:s3",
    eventTime: time,
    eventName: "ObjectCreated:CameUpAgain",
    s3: {
      bucket: { name: bucket },
      object: { key: encodeURIComponent(key).replaceAll("%2F", "/"), eTag, versionId, sequencer: order },
    },
  };
  await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ Records: [record] }) }));
}
