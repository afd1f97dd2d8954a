/** The deployed translator, as those who put pictures into it see it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { deploy, type LocalApp } from "#local/testing";

export type Row = Readonly<Record<string, unknown>> & {
  readonly status?: string;
  readonly translations?: Readonly<Record<string, { readonly text?: string; readonly outcome: string }>>;
};

/** Puts a picture and answers its version. */
export async function upload(app: LocalApp, Key: string, Body: Uint8Array | string): Promise<string> {
  const { VersionId = "" } = await app
    .client(S3Client)
    .send(new PutObjectCommand({ Bucket: app.resource("Pictures"), Key, Body: Buffer.from(Body) }));
  return VersionId;
}

export async function rowOf(app: LocalApp, picture: string, version: string): Promise<Row | undefined> {
  const { Item } = await app
    .client(DynamoDBClient)
    .send(new GetCommand({ TableName: app.resource("Translations"), Key: { picture, version } }));
  return Item;
}

/** Puts a picture, waits until all is quiet, answers its record. */
export async function translatedPicture(app: LocalApp, key: string, bytes: Uint8Array | string) {
  const version = await upload(app, key, bytes);
  await app.settle();
  return { version, row: await rowOf(app, key, version) };
}

export async function executionsOf(app: LocalApp) {
  const stateMachineArn = app.resource("TranslatePicture");
  return (await app.client(SFNClient).send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
}

export const startTranslator = (parameters: Readonly<Record<string, string>> = {}) =>
  deploy("image-translator", {
    parameters: { TargetLanguages: "de,en,fr", AlarmEmail: "ops@example.com", ...parameters },
  });
