import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DetectFacesCommand, DetectLabelsCommand, RekognitionClient } from "@aws-sdk/client-rekognition";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";

const pictures = join(dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")), "demo");
const picture = (number: number) => readFileSync(join(pictures, `sample${number}.jpg`));

let cloud: TestCloud;
let rekognition: RekognitionClient;
beforeAll(async () => {
  cloud = await testCloud();
  rekognition = cloud.client(RekognitionClient);
});
afterAll(() => cloud.stop());

const faces = async (Bytes: Uint8Array) =>
  (await rekognition.send(new DetectFacesCommand({ Image: { Bytes } }))).FaceDetails ?? [];

describe("faces", () => {
  it("are found with box, landmarks, pose, quality and confidence, the largest first", async () => {
    const found = await faces(picture(1));
    expect(found.length).toBeGreaterThan(0);
    const areas = found.map(({ BoundingBox }) => (BoundingBox?.Width ?? 0) * (BoundingBox?.Height ?? 0));
    expect(areas).toEqual([...areas].sort((a, b) => b - a));
    const [{ BoundingBox: box, Landmarks = [], Confidence } = {}] = found;
    expect(Confidence).toBeGreaterThan(80);
    expect(Landmarks.map(({ Type }) => Type)).toEqual(["eyeLeft", "eyeRight", "mouthLeft", "mouthRight", "nose"]);
    const nose = Landmarks.at(-1);
    expect(nose?.X).toBeGreaterThan(box?.Left ?? 1);
    expect(nose?.X).toBeLessThan((box?.Left ?? 0) + (box?.Width ?? 0));
  });

  it("are placed in the picture as it is seen, turned by its EXIF orientation", async () => {
    const upright = await faces(picture(1));
    const turned = await sharp(picture(1)).rotate(-90).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const found = await faces(turned);
    expect(found).toHaveLength(upright.length);
    expect(found[0]?.BoundingBox?.Left).toBeCloseTo(upright[0]?.BoundingBox?.Left ?? 0, 1);
    expect(found[0]?.BoundingBox?.Top).toBeCloseTo(upright[0]?.BoundingBox?.Top ?? 0, 1);
  });

  it("are not found in an empty picture", async () => {
    expect(
      await faces(
        await sharp({ create: { width: 300, height: 200, channels: 3, background: "#88aacc" } })
          .png()
          .toBuffer(),
      ),
    ).toEqual([]);
  });

  it("are found in an object, which the caller must be able to read", async () => {
    const s3 = cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "pictures" }));
    await s3.send(new PutObjectCommand({ Bucket: "pictures", Key: "a.jpg", Body: picture(1) }));
    const { FaceDetails } = await rekognition.send(
      new DetectFacesCommand({ Image: { S3Object: { Bucket: "pictures", Name: "a.jpg" } } }),
    );
    expect(FaceDetails?.length).toBeGreaterThan(0);
    await expect(
      rekognition.send(new DetectFacesCommand({ Image: { S3Object: { Bucket: "pictures", Name: "b.jpg" } } })),
    ).rejects.toMatchObject({ name: "InvalidS3ObjectException" });
  });
});

describe("what is refused", () => {
  it.each([
    ["no picture", undefined, "InvalidParameterException"],
    ["text", Buffer.from("hello"), "InvalidImageFormatException"],
    ["a JPEG that breaks off", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), "InvalidImageFormatException"],
    ["more than 5 MB", Buffer.alloc(5 * 1024 * 1024 + 1, 0xff), "ImageTooLargeException"],
  ])("%s", async (_name, Bytes, name) => {
    await expect(rekognition.send(new DetectFacesCommand({ Image: { Bytes } }))).rejects.toMatchObject({ name });
  });

  it("attributes for which there is no model", async () => {
    await expect(
      rekognition.send(new DetectFacesCommand({ Image: { Bytes: picture(1) }, Attributes: ["ALL"] })),
    ).rejects.toThrow("no model for the attribute ALL");
  });
});

describe("labels", () => {
  it("name what is in the picture, above the confidence asked for", async () => {
    const { Labels = [] } = await rekognition.send(
      new DetectLabelsCommand({ Image: { Bytes: picture(1) }, MinConfidence: 40 }),
    );
    const person = Labels.find(({ Name }) => Name === "Person");
    expect(person?.Instances?.length).toBeGreaterThan(0);
    expect(Labels.every(({ Confidence = 0 }) => Confidence >= 40)).toBe(true);
    const one = await rekognition.send(
      new DetectLabelsCommand({ Image: { Bytes: picture(1) }, MaxLabels: 1, MinConfidence: 40 }),
    );
    expect(one.Labels).toHaveLength(1);
  });
});
