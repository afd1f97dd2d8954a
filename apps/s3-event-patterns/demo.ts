/** Puts photographs and files into the buckets of the four patterns, and shows what came of them; then removes a photograph. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import sharp from "sharp";
import type { Demo, Stage } from "#local/testing";
import { bucketsOf } from "./tests/buckets.ts";
import { photograph } from "./tests/pictures.ts";

export const parameters = { PersonEmail: "ada@example.com", PersonPhone: "+4712345678", LeastConfidence: "30" };

const demo: Demo = async (stage) => {
  const { app } = stage;
  const s3 = app.client(S3Client);
  const buckets = bucketsOf(app);
  const put = async (bucket: string, key: string, Body: Buffer | string, what: string) => {
    stage.input(`${bucket}: ${key}, ${what}`);
    await s3.send(new PutObjectCommand({ Bucket: app.resource(bucket), Key: key, Body }));
  };

  await put("DirectBucket", "pictures/evening.jpg", photograph(1), "a photograph of three people");
  stage.progress("Rekognition looks at it");
  await app.settle();
  await showLabels(stage, "A. point to point", "DirectBucket", "pictures/evening.jpg");

  for (const number of [2, 3, 6])
    await put("QueuedBucket", `pictures/${number}.jpg`, photograph(number), "one of several at once");
  stage.progress("Rekognition looks at them, at the pace of the queue");
  await app.settle();
  for (const number of [2, 3, 6]) await showLabels(stage, "B. queued", "QueuedBucket", `pictures/${number}.jpg`);

  for (const bucket of ["FanOutBucket", "BusBucket"]) {
    await put(bucket, "photos/stairs.jpg", photograph(5), `by ${bucket === "BusBucket" ? "EventBridge" : "topics"}`);
    await put(bucket, "avatars/me.jpg", photograph(4), "to be cut to a square");
  }
  stage.progress("three resolutions are made in parallel");
  await app.settle();
  for (const bucket of ["FanOutBucket", "BusBucket"]) await showResolutions(stage, bucket);

  stage.input("FanOutBucket: photos/stairs.jpg is removed");
  await s3.send(new DeleteObjectCommand({ Bucket: app.resource("FanOutBucket"), Key: "photos/stairs.jpg" }));
  await app.settle();
  stage.check(
    "what was made of a removed photograph is gone, what was made of others is not",
    (await buckets.resolutions("FanOutBucket", "photos/stairs.jpg")).length === 0 &&
      (await buckets.resolutions("BusBucket", "photos/stairs.jpg")).length === 3,
  );

  await put("NoticeBucket", "minutes/May 2030.txt", "We agreed.", "a file that people should know of");
  await app.settle();
  stage.result(
    "D. people are told",
    app.outbox.map(
      ({ kind, to, text = "" }) => `${kind} to ${to.join()}: ${text.trim().replaceAll(/\s*\n\s*/g, " | ")}`,
    ),
  );
  stage.check("one mail and one SMS were sent", app.outbox.map(({ kind }) => kind).join() === "email,sms");
  stage.check("nothing was put aside", (await app.messages("DeadLetters")).length === 0);
  await stage.path();

  async function showResolutions({ result, file, check }: Stage, bucket: string): Promise<void> {
    const Bucket = app.resource("ResolutionsBucket");
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    const lines: string[] = [];
    for (const { Key = "" } of Contents.filter(({ Key = "" }) => Key.includes(`/${app.resource(bucket)}/`))) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      const { width, height } = await sharp(bytes).metadata();
      const [size = "", , , name = ""] = Key.split("/");
      lines.push(`${size.padEnd(6)}  ${name.padEnd(10)}  ${width} × ${height}, ${(bytes.length / 1000).toFixed(1)} kB`);
      if (bucket === "FanOutBucket") file(`${name.replace(".jpg", "")}-${size}.webp`, bytes);
    }
    result(`C. fan-out, ${bucket}`, lines);
    check(`a photograph in three resolutions, an avatar in one (${bucket})`, lines.length === 4);
  }

  async function showLabels({ result, check }: Stage, title: string, bucket: string, key: string): Promise<void> {
    const row = await buckets.row(bucket, key);
    const labels = row?.state === "labelled" ? row.labels : [];
    result(
      `${title}: ${key}`,
      labels.map(({ name, confidence, parents }) =>
        [`${confidence.toFixed(1)} %`, name, ...(parents.length > 0 ? [`(${parents.join(", ")})`] : [])].join("  "),
      ),
    );
    check(
      `${key} has a person on it`,
      labels.some(({ name }) => name === "Person"),
    );
  }
};

export default demo;
