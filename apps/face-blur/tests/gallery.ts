/** What a scenario does with the app: uploads pictures, and looks at what was published, reported and put aside. */
import { DetectFacesCommand, type FaceDetail, RekognitionClient } from "@aws-sdk/client-rekognition";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from "@aws-sdk/client-s3";
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalApp } from "#local/testing";
import type { Report } from "../src/report.ts";

export function galleryOf(app: LocalApp) {
  const s3 = app.client(S3Client);
  const sqs = app.client(SQSClient);
  const keysOf = async (bucket: string) => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: app.resource(bucket) }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  };
  const read = async (bucket: string, key: string) => {
    const answer = await s3.send(new GetObjectCommand({ Bucket: app.resource(bucket), Key: key }));
    return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
  };

  return {
    /** Answers the version that the upload made, and does not wait for what it causes. */
    put: async (key: string, Body: Uint8Array, more: Partial<PutObjectCommandInput> = {}): Promise<string> => {
      const upload = new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: key, Body, ...more });
      return (await s3.send(upload)).VersionId ?? "";
    },
    async upload(key: string, bytes: Uint8Array, more: Partial<PutObjectCommandInput> = {}): Promise<string> {
      const versionId = await this.put(key, bytes, more);
      await app.settle();
      return versionId;
    },
    published: (key: string) => read("DestinationBucket", key),
    publishedKeys: () => keysOf("DestinationBucket"),
    isPublished: async (key: string) => (await keysOf("DestinationBucket")).includes(key),
    reportKeys: () => keysOf("ReportsBucket"),
    isReported: async (key: string) => (await keysOf("ReportsBucket")).some((report) => report.startsWith(`${key}/`)),
    report: async (key: string, versionId: string) =>
      JSON.parse((await read("ReportsBucket", `${key}/${versionId}.json`)).bytes.toString()) as Report,
    /** Reasons of what was put aside since the last time. */
    async reasons(): Promise<string[]> {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: app.resource("DeadLetters"),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ["All"],
        }),
      );
      for (const { ReceiptHandle } of Messages) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl: app.resource("DeadLetters"), ReceiptHandle }));
      }
      return Messages.map(
        ({ MessageAttributes: { error, reason } = {} }) => `${error?.StringValue}: ${reason?.StringValue}`,
      );
    },
    /** What S3 says of an upload, sent by hand. */
    async announce(key: string, versionId: string, sequencer: string): Promise<void> {
      const event = {
        version: "0",
        id: "17793124-05d4-b198-2fde-7ededc63b103",
        source: "aws.s3",
        "detail-type": "Object Created",
        account: "123456789012",
        time: "2030-01-07T12:00:00Z",
        region: "us-east-1",
        resources: [],
        detail: {
          bucket: { name: app.resource("SourceBucket") },
          object: { key, "version-id": versionId, sequencer },
          reason: "PutObject",
        },
      };
      await sqs.send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody: JSON.stringify(event) }));
    },
    /** The faces that the detector sees on a picture. */
    faces: async (Bytes: Uint8Array): Promise<FaceDetail[]> =>
      (await app.client(RekognitionClient).send(new DetectFacesCommand({ Image: { Bytes } }))).FaceDetails ?? [],
    /** What was logged with these words, of one key where it is given. */
    logged: async (message: string, key?: string) =>
      (await app.logs("BlurFaces")).flatMap(({ json }) =>
        json?.["message"] === message && (key === undefined || json["key"] === key) ? [json] : [],
      ),
  };
}

export type Gallery = ReturnType<typeof galleryOf>;
