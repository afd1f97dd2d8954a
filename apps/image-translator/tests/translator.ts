/** The deployed translator, as those who put pictures into it see it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { deploy, type LocalApp } from "#local/testing";

export type Row = Readonly<Record<string, unknown>> & {
  readonly status?: string;
  readonly translations?: Readonly<
    Record<string, { readonly text?: string; readonly textKey?: string; readonly outcome: string }>
  >;
};

/** Puts a picture and answers its version. */
export async function upload(app: LocalApp, Key: string, Body: Uint8Array | string): Promise<string> {
  const { VersionId = "" } = await app
    .client(S3Client)
    .send(new PutObjectCommand({ Bucket: app.resource("Pictures"), Key, Body: Buffer.from(Body) }));
  return VersionId;
}

/** Hands the event of an upload to the workflow, as a rule does it. */
export async function announce(app: LocalApp, key: string, version: string): Promise<void> {
  const detail = { bucket: { name: app.resource("Pictures") }, object: { key, size: 10, "version-id": version } };
  await app.client(SFNClient).send(
    new StartExecutionCommand({
      stateMachineArn: app.resource("TranslatePicture"),
      input: JSON.stringify({ time: "2030-01-07T12:00:00Z", detail }),
    }),
  );
}

/** A version as S3 names them, which is not there. */
export const GONE = "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e";

export async function rowOf(app: LocalApp, picture: string, version: string): Promise<Row | undefined> {
  const { Item } = await app
    .client(DynamoDBClient)
    .send(new GetCommand({ TableName: app.resource("Translations"), Key: { picture, version } }));
  return Item;
}

/** The records of all versions of a picture. */
export async function rowsOf(app: LocalApp, picture: string): Promise<readonly Row[]> {
  const { Items = [] } = await app.client(DynamoDBClient).send(
    new QueryCommand({
      TableName: app.resource("Translations"),
      KeyConditionExpression: "picture = :picture",
      ExpressionAttributeValues: { ":picture": picture },
    }),
  );
  return Items;
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
