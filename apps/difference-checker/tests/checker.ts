/** What a scenario does with the app: uploads versions, and looks at what was told of them. */
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { deploy, type LocalApp } from "#local/testing";
import type { Change, ChangePage } from "../src/change-log.ts";
import { versionsIn } from "./versions-in.ts";

export type Checker = Awaited<ReturnType<typeof startChecker>>;

export async function startChecker(parameters: Readonly<Record<string, string>> = {}) {
  const app: LocalApp = await deploy("difference-checker", { parameters });
  const s3 = app.client(S3Client);
  const put = async (key: string, Body: string | Uint8Array): Promise<string> =>
    (await s3.send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: key, Body }))).VersionId ?? "";
  const changes = async (question: object) => (await app.invoke("FindChanges", question)) as ChangePage;
  return {
    app,
    s3,
    /** Uploads without waiting; answers the version. */
    put,
    /** Uploads one after the other, each compared before the next. */
    async upload(key: string, ...bodies: readonly (string | Uint8Array)[]): Promise<void> {
      for (const body of bodies) {
        await put(key, body);
        await app.settle();
      }
    },
    /** Sends a message as if S3's event were in it. */
    tell: (MessageBody: string) =>
      app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody })),
    changes,
    changesOf: async (key: string): Promise<readonly Change[]> => (await changes({ key, limit: 100 })).changes,
    async differenceOf({ differenceKey = "" }: Change): Promise<string | undefined> {
      const { Body } = await s3.send(
        new GetObjectCommand({ Bucket: app.resource("DifferencesBucket"), Key: differenceKey }),
      );
      return Body?.transformToString();
    },
    versions: (key: string) => versionsIn(app, key),
    /** What was logged of a key with these words. */
    logged: async (message: string, key: string) =>
      (await app.logs("CompareVersion")).flatMap(({ json }) =>
        json?.["message"] === message && json["key"] === key ? [json] : [],
      ),
    /** What was put aside since the last time. */
    dead: () => app.messages("DeadLetters"),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
