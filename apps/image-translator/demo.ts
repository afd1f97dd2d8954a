/** Signs from a journey are put into a bucket: their texts are read and translated, and a landscape without any is told apart. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Demo, Stage } from "#local/testing";
import { landscape, signOf } from "./tests/pictures.ts";

type Entries = Readonly<Record<string, { readonly outcome: string; readonly text?: string; readonly reason?: string }>>;
interface Row {
  readonly status: string;
  readonly language?: string;
  readonly text?: string;
  readonly reason?: string;
  readonly translations?: Entries;
}

const demo: Demo = async (stage) => {
  const { app } = stage;
  const put = async (key: string, bytes: Uint8Array | string, says: string): Promise<Row> => {
    const file = typeof bytes === "string" ? "" : ` (${stage.file(key.replaceAll("/", "-"), bytes)})`;
    stage.input(`${key}${file}`, says);
    const Bucket = app.resource("Pictures");
    await app.client(S3Client).send(new PutObjectCommand({ Bucket, Key: key, Body: bytes }));
    await app.settle();
    const row = await recordOf(stage, key);
    show(stage, key, row);
    return row;
  };

  stage.progress("letters are being recognised");
  const english = await put(
    "journey/station.png",
    await signOf(["Welcome to the station", "Exit to the street", "Closed on Sunday"]),
    "a sign in English",
  );
  const german = await put("journey/baker.jpg", await signOf(["Heute kein Brot", "Danke"], "jpeg"), "a sign in German");
  const view = await put("journey/view.png", await landscape(), "a landscape without a word");
  const note = await put("journey/note.txt", "Dear diary", "no picture at all");
  await stage.path();

  stage.check(
    "the English sign is read letter by letter and translated where the stand-in knows words",
    english.text === "Welcome to the station\nExit to the street\nClosed on Sunday" &&
      english.translations?.["de"]?.text?.includes("Willkommen") === true,
  );
  stage.check(
    "a text is not translated into the language that it is in",
    english.translations?.["en"]?.outcome === "SAME_LANGUAGE" &&
      german.translations?.["de"]?.outcome === "SAME_LANGUAGE",
  );
  stage.check(
    "no text, and no picture, are outcomes with a reason",
    view.status === "NO_TEXT" && note.status === "UNREADABLE" && note.reason !== undefined,
  );
};

async function recordOf({ app }: Stage, picture: string): Promise<Row> {
  const { Items = [] } = await app.client(DynamoDBClient).send(
    new QueryCommand({
      TableName: app.resource("Translations"),
      KeyConditionExpression: "picture = :picture",
      ExpressionAttributeValues: { ":picture": picture },
    }),
  );
  // One version of each picture was put; the app writes these members.
  return Items[0] as unknown as Row;
}

function show(stage: Stage, key: string, { status, language, text = "", reason, translations = {} }: Row): void {
  const line = (into: string, words: string) => `${into.padEnd(6)} ${words.replaceAll("\n", " / ")}`;
  const lines = Object.entries(translations)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([into, entry]) => line(into, entry.text ?? stage.paint("dim", entry.reason ?? entry.outcome)));
  stage.result(`${key}: ${stage.paint(status === "TRANSLATED" ? "green" : "yellow", status)}`, [
    ...(language === undefined ? [] : [line(`(${language})`, text)]),
    ...(reason === undefined ? [] : [reason]),
    ...lines,
  ]);
}

export const parameters = { TargetLanguages: "de,en,es,fr,ja" };
export default demo;
