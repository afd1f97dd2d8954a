/** What a scenario does with the app: stores and removes files, and looks at what came of them. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Message } from "@aws-sdk/client-sqs";
import type { LocalApp } from "#local/testing";
import type { LabelRow } from "../src/labels/label-store.ts";
import { RESOLUTIONS } from "../src/resolutions/resolution.ts";

export function bucketsOf(app: LocalApp) {
  const s3 = app.client(S3Client);
  const sqs = app.client(SQSClient);
  const tables = DynamoDBDocumentClient.from(app.client(DynamoDBClient));

  return {
    /** Answers the version, and does not wait for what it causes. */
    async put(bucket: string, key: string, Body: Uint8Array | string): Promise<string> {
      const put = new PutObjectCommand({ Bucket: app.resource(bucket), Key: key, Body });
      return (await s3.send(put)).VersionId ?? "";
    },
    /** Stores it where nobody looks, so that a test can say by itself what happened in which order. Answers the object of an event. */
    async hide(bucket: string, key: string, Body: Uint8Array | string): Promise<{ versionId: string; eTag: string }> {
      const put = new PutObjectCommand({ Bucket: app.resource(bucket), Key: key, Body });
      const { VersionId = "", ETag = "" } = await s3.send(put);
      return { versionId: VersionId, eTag: ETag.replaceAll('"', "") };
    },
    /** Without a version a delete marker is put on top. */
    async remove(bucket: string, key: string, VersionId?: string): Promise<string> {
      const removal = new DeleteObjectCommand({
        Bucket: app.resource(bucket),
        Key: key,
        ...(VersionId === undefined ? {} : { VersionId }),
      });
      return (await s3.send(removal)).VersionId ?? "";
    },
    async row(bucket: string, key: string): Promise<LabelRow | undefined> {
      const imageKey = `${app.resource(bucket)}/${key}`;
      const { Item } = await tables.send(new GetCommand({ TableName: app.resource("Labels"), Key: { imageKey } }));
      return Item as LabelRow | undefined;
    },
    /** Names of the resolutions that are kept of a picture, sorted. */
    async resolutions(bucket: string, key: string): Promise<string[]> {
      const Bucket = app.resource("ResolutionsBucket");
      const found = await Promise.all(
        RESOLUTIONS.map(async (name) => {
          const Prefix = `${name}/${app.resource(bucket)}/${key}`;
          const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
          return Contents.some(({ Key }) => Key === Prefix) ? [name] : [];
        }),
      );
      return found.flat().sort();
    },
    async resolution(name: string, bucket: string, key: string) {
      const Key = `${name}/${app.resource(bucket)}/${key}`;
      const answer = await s3.send(new GetObjectCommand({ Bucket: app.resource("ResolutionsBucket"), Key }));
      return { ...answer, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
    },
    send: (queue: string, body: unknown) =>
      sqs.send(
        new SendMessageCommand({
          QueueUrl: app.resource(queue),
          MessageBody: typeof body === "string" ? body : JSON.stringify(body),
        }),
      ),
    /** What S3 would say, sent by hand. */
    record: (bucket: string, key: string, eventName: string, object: object) => ({
      eventVersion: "2.6",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: "2030-01-07T12:00:00.000Z",
      eventName,
      s3: { bucket: { name: app.resource(bucket) }, object: { key: encodeURIComponent(key), ...object } },
    }),
    /** Takes what was put aside, as `error: reason`. */
    reasons: async () => (await app.messages("DeadLetters")).map(reasonOf),
    logged: async (functionId: string, message: string) =>
      (await app.logs(functionId)).flatMap(({ json }) => (json?.["message"] === message ? [json] : [])),
  };
}

export type Buckets = ReturnType<typeof bucketsOf>;

const reasonOf = ({ MessageAttributes: { error, reason } = {} }: Message): string =>
  `${error?.StringValue}: ${reason?.StringValue}`;
