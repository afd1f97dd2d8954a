/** Uploads photographs and a drawing in disguise, and shows which faces were found, how they were covered and what was refused. */
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DetectFacesCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import sharp from "sharp";
import type { Demo, Stage } from "#local/testing";
import type { Report } from "./src/report.ts";
import { landscape, photograph, stored, withExif } from "./tests/pictures.ts";

const demo: Demo = async (stage) => {
  const { app } = stage;
  const s3 = app.client(S3Client);
  const read = async (bucket: string, key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: app.resource(bucket), Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const upload = async (key: string, Body: Buffer, what: string) => {
    stage.input(`${key}, ${Math.round(Body.length / 1000)} kB, ${what}`);
    stage.progress(`the detector looks at ${key}`);
    const put = new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: key, Body });
    const { VersionId = "" } = await s3.send(put);
    const started = performance.now();
    await app.settle();
    return { versionId: VersionId, seconds: (performance.now() - started) / 1000 };
  };

  for (const [key, before, what] of [
    ["stairs.jpg", photograph(5), "five people"],
    [
      "evening.jpg",
      await lyingOnItsSide(photograph(1)),
      "three people, stored on its side, with the place in its EXIF data",
    ],
  ] as const) {
    const { versionId, seconds } = await upload(key, before, what);
    const report = JSON.parse((await read("ReportsBucket", `${key}/${versionId}.json`)).toString()) as Report;
    const after = await read("DestinationBucket", key);
    showFaces(stage, report, seconds);
    const name = key.replace(".jpg", "");
    stage.file(`${name}-before.jpg`, before);
    stage.file(`${name}-found.jpg`, await withBoxes(before, report));
    stage.file(`${name}-after.jpg`, after);

    const { FaceDetails = [] } = await app
      .client(RekognitionClient)
      .send(new DetectFacesCommand({ Image: { Bytes: after } }));
    const { exif, orientation, width, height } = await sharp(after).metadata();
    stage.check(
      `the detector finds no face above 60 % on the published ${key}`,
      FaceDetails.every(({ Confidence = 0 }) => Confidence < 60),
    );
    stage.check(
      `${key} is upright, and holds nothing but pixels`,
      exif === undefined && orientation === undefined && width === report.width && height === report.height,
    );
  }

  const sea = await withExif(landscape(800, 500)).jpeg().toBuffer();
  await upload("sea.jpg", sea, "nobody on it, with EXIF data");
  const [old, now] = await Promise.all(
    [sea, await read("DestinationBucket", "sea.jpg")].map((file) => sharp(file).raw().toBuffer()),
  );
  stage.check("without faces the pixels are the same, to the last bit", old !== undefined && now?.equals(old) === true);

  await upload("drawing.jpg", Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "an SVG under a false name");
  app.cloud.faults.add({
    service: "rekognition",
    role: "BlurFaces",
    error: { name: "InternalServerError", status: 500 },
  });
  await upload("late.jpg", photograph(6), "four people, while the detector is away for good");
  await stage.path();

  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: app.resource("DestinationBucket") }));
  const { Messages = [] } = await app.client(SQSClient).send(
    new ReceiveMessageCommand({
      QueueUrl: app.resource("DeadLetters"),
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
    }),
  );
  stage.result(
    "put aside, not published",
    Messages.map(({ MessageAttributes: { error, reason } = {} }) => `${error?.StringValue}: ${reason?.StringValue}`),
  );
  stage.check(
    "what could not be checked was not published",
    Contents.map(({ Key }) => Key).join() === "evening.jpg,sea.jpg,stairs.jpg" && Messages.length === 2,
  );
};

export default demo;

/** As a phone stores it that was held upright. */
const lyingOnItsSide = async (upright: Buffer): Promise<Buffer> =>
  withExif(sharp(await stored(upright, 6)))
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 92 })
    .toBuffer();

function showFaces(stage: Stage, { count, faces, width, height, method }: Report, seconds: number): void {
  const lines = faces.map(({ left, top, width: across, height: down, confidence }, index) =>
    [
      `face ${index + 1}`,
      stage.paint(confidence >= 90 ? "green" : "yellow", `${confidence.toFixed(1)} %`.padStart(7)),
      `${across} × ${down} pixels at ${left}, ${top}`,
    ].join("  "),
  );
  stage.result(`${count} faces on ${width} × ${height} pixels, covered (${method}) in ${seconds.toFixed(1)} s`, lines);
}

/** The upright picture with the detector's boxes and the ellipses that are covered. */
async function withBoxes(before: Buffer, { faces, width, height }: Report): Promise<Buffer> {
  const shapes = faces.map(
    ({ left, top, width: across, height: down, confidence, radiusX, radiusY }) =>
      `<rect x="${left}" y="${top}" width="${across}" height="${down}" stroke="#ffd400"/>` +
      `<ellipse cx="${left + across / 2}" cy="${top + down / 2}" rx="${radiusX}" ry="${radiusY}" stroke="#00d0ff"/>` +
      `<text x="${left}" y="${top - 8}" fill="#ffd400" font-size="28" stroke="none">${confidence.toFixed(0)} %</text>`,
  );
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="none" stroke-width="4" font-family="sans-serif">${shapes.join("")}</svg>`;
  return sharp(await sharp(before).autoOrient().toBuffer())
    .composite([{ input: Buffer.from(drawing) }])
    .jpeg()
    .toBuffer();
}
