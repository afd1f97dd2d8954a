/** What tells the functions: of an upload S3, or the rule; of a spike an alarm. */
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { App } from "#local/testing";
import type { Way } from "./ways.ts";

export function notificationOf(app: App, way: Way, name: string, versionId: string, sequencer = "0055AED6DCD90281E5") {
  const [bucket, key] = [app.resource(way.bucket), way.key(name)];
  // Of no content that anything ever has.
  const eTag = "d41d8cd98f00b204e9800998ecf8427f";
  const record = {
    eventVersion: "2.6",
    eventSource: "aws:s3",
    awsRegion: "us-east-1",
    eventTime: "2030-01-07T12:00:00.000Z",
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      configurationId: "uploads",
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: { key: encodeURIComponent(key).replaceAll("%20", "+"), size: 3, eTag, versionId, sequencer },
    },
  };
  return { Records: [record] };
}

/** Tells the brake that these functions are invoked too often. */
export async function soundAlarm(app: App, name: string, functionNames: readonly string[]): Promise<void> {
  const Message = JSON.stringify({
    AlarmName: name,
    NewStateValue: "ALARM",
    Trigger: { Dimensions: functionNames.map((value) => ({ name: "FunctionName", value })) },
  });
  await app.client(SNSClient).send(new PublishCommand({ TopicArn: app.resource("Spikes"), Message }));
}
