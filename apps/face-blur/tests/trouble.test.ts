import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deploy, type Fault, type LocalApp } from "#local/testing";
import { type Gallery, galleryOf } from "./gallery.ts";
import { difference, landscape, portrait } from "./pictures.ts";

// All tests together stay below the quota of retries that the SDK has in an environment.
const TRIES = 3;

let app: LocalApp;
let gallery: Gallery;
beforeAll(async () => {
  app = await deploy("face-blur", { parameters: { Tries: String(TRIES) } });
  gallery = galleryOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

/** The key of a test's picture, which no other test uses. */
let key: string;
let number = 0;
beforeEach(() => void (key = `picture-${++number}.jpg`));
afterEach(async () => {
  app.cloud.faults.clear();
  await app.messages("DeadLetters");
});

const sea = () => landscape().jpeg().toBuffer();
const fault = (more: Omit<Fault, "role">) => app.cloud.faults.add({ role: "BlurFaces", ...more });

describe("when the detector does not answer, nothing is published", () => {
  it.each([
    ["denies", { name: "AccessDeniedException", message: "You are not authorized", status: 400 }],
    ["fails", { name: "InternalServerError", status: 500 }],
    ["is over its quota for long", "throttle"],
  ] as const)("while it %s; the picture is put aside with the reason in the end", async (_name, error) => {
    const detector = fault({ service: "rekognition", operation: "DetectFaces", error });
    await gallery.upload(key, await portrait());
    expect(detector.hits).toBeGreaterThanOrEqual(TRIES);
    expect(await gallery.isPublished(key)).toBe(false);
    expect(await gallery.isReported(key)).toBe(false);
    const name = error === "throttle" ? "ProvisionedThroughputExceededException" : error.name;
    expect(await gallery.reasons()).toEqual([expect.stringMatching(new RegExp(`^GaveUp: DetectionFailed: ${name}: `))]);
  });

  it("because it refuses the picture: it is put aside after one try", async () => {
    const detector = fault({
      service: "rekognition",
      operation: "DetectFaces",
      error: { name: "InvalidImageFormatException" },
    });
    await gallery.upload(key, await portrait());
    expect(detector.hits).toBe(1);
    expect(await gallery.isPublished(key)).toBe(false);
    expect(await gallery.reasons()).toEqual([
      expect.stringMatching(/^DetectionRefused: InvalidImageFormatException: /),
    ]);
  });

  it("until it answers again: a later try publishes the covered picture", async () => {
    fault({
      service: "rekognition",
      operation: "DetectFaces",
      error: { name: "InternalServerError", status: 500 },
      times: 12,
    });
    const before = await portrait();
    await gallery.upload(key, before);
    const { bytes } = await gallery.published(key);
    expect((await gallery.faces(bytes)).filter(({ Confidence = 0 }) => Confidence >= 60)).toEqual([]);
    expect(await gallery.reasons()).toEqual([]);
  });
});

describe("a call that is throttled three times", () => {
  it.each([
    ["rekognition", "DetectFaces"],
    ["s3", "HeadObject"],
    ["s3", "GetObject"],
    ["s3", "GetObjectTagging"],
    ["s3", "PutObject"],
  ])("%s %s is not noticed", async (service, operation) => {
    const failures = await gallery.logged("record failed");
    const throttled = fault({ service, operation, error: "throttle", times: 3 });
    await gallery.upload(key, await sea(), { Tagging: "a=b" });
    expect(throttled.hits).toBe(3);
    expect(await gallery.isPublished(key)).toBe(true);
    expect(await gallery.logged("record failed")).toEqual(failures);
  });
});

describe("a call that is denied for good", () => {
  it.each([
    ["s3", "HeadObject"],
    ["s3", "GetObject"],
    ["s3", "GetObjectTagging"],
    ["s3", "PutObject"],
  ])("%s %s: nothing is published, and the reason is told", async (service, operation) => {
    fault({ service, operation, error: { name: "AccessDenied", status: 403 } });
    await gallery.upload(key, await sea(), { Tagging: "a=b" });
    expect(await gallery.isPublished(key)).toBe(false);
    expect(await gallery.reasons()).toEqual([expect.stringMatching(/^GaveUp: \w+: /)]);
  });
});

describe("an event that comes twice", () => {
  it("publishes once, and asks the detector once", async () => {
    const versionId = await gallery.upload(key, await sea());
    const { LastModified, Metadata = {} } = await gallery.published(key);
    await app.advance(60);
    const detector = fault({ service: "rekognition", operation: "DetectFaces" });
    await gallery.announce(key, versionId, Metadata["face-blur-sequencer"] ?? "");
    await app.settle();
    expect((await gallery.published(key)).LastModified).toEqual(LastModified);
    expect(detector.hits).toBe(0);
    expect(await gallery.logged("published before", key)).toHaveLength(1);
  });

  it("at the same moment publishes once", async () => {
    const versionId = await gallery.put(key, await sea());
    // S3's own event is on its way; these two have the same place in the order, later than that one.
    await Promise.all([1, 2].map(() => gallery.announce(key, versionId, "FFFFFFFFFFFFFFFFFF")));
    await app.settle();
    expect((await gallery.published(key)).Metadata).toMatchObject({
      "face-blur-sequencer": "FFFFFFFFFFFFFFFFFF",
    });
    expect(
      (await gallery.logged("picture done", key)).filter(({ isPublished }) => isPublished).length,
    ).toBeLessThanOrEqual(2);
    expect(await gallery.reasons()).toEqual([]);
  });
});

describe("two uploads of one key", () => {
  const red = () => landscape(100, 100).tint("red").jpeg().toBuffer();
  const blue = () => landscape(100, 100).tint("blue").jpeg().toBuffer();

  it("end with the later one, whichever is worked on last", async () => {
    const [older, newer] = [await red(), await blue()];
    const first = await gallery.upload(key, older);
    const earlier = (await gallery.published(key)).Metadata?.["face-blur-sequencer"] ?? "";
    await gallery.upload(key, newer);
    const later = (await gallery.published(key)).Metadata?.["face-blur-sequencer"] ?? "";
    expect(later > earlier).toBe(true);
    await gallery.announce(key, first, earlier);
    await app.settle();
    expect(await difference((await gallery.published(key)).bytes, newer)).toBeLessThan(4);
  });

  it("end with the later one when both are worked on at the same time", async () => {
    const [older, newer] = [await red(), await blue()];
    await gallery.put(key, older);
    await gallery.put(key, newer);
    await app.settle();
    expect(await difference((await gallery.published(key)).bytes, newer)).toBeLessThan(4);
    expect(await gallery.reasons()).toEqual([]);
  });

  it("end with the later one when the earlier write comes between its look and its write", async () => {
    const newer = await blue();
    const failures = await gallery.logged("record failed");
    // The first write is refused as S3 does when somebody else was faster.
    const refused = fault({
      service: "s3",
      operation: "PutObject",
      error: { name: "PreconditionFailed", status: 412 },
      after: 1,
      times: 1,
    });
    await gallery.upload(key, newer);
    expect(refused.hits).toBe(1);
    expect(await difference((await gallery.published(key)).bytes, newer)).toBeLessThan(4);
    expect(await gallery.logged("record failed")).toEqual(failures);
  });
});

describe("a crash after a call was done", () => {
  it.each([
    ["the report is kept", "ReportsBucket"],
    ["the picture is published", "DestinationBucket"],
  ])("when %s: the retry completes it", async (_name, bucket) => {
    const crash = fault({
      service: "s3",
      operation: "PutObject",
      matching: app.resource(bucket),
      error: { name: "InternalError", status: 500 },
      afterwards: true,
      times: 6,
    });
    const versionId = await gallery.upload(key, await sea());
    expect(crash.hits).toBeGreaterThan(0);
    expect(await gallery.isPublished(key)).toBe(true);
    expect(await gallery.report(key, versionId)).toMatchObject({ outcome: "copied" });
    expect(await gallery.reasons()).toEqual([]);
  });
});

describe("a picture that is deleted before it was looked at", () => {
  it("is passed over", async () => {
    const detector = fault({ service: "rekognition", operation: "DetectFaces" });
    const versionId = await gallery.put(key, await portrait());
    await app
      .client(S3Client)
      .send(new DeleteObjectCommand({ Bucket: app.resource("SourceBucket"), Key: key, VersionId: versionId }));
    await app.settle();
    expect(detector.hits).toBe(0);
    expect(await gallery.isPublished(key)).toBe(false);
    expect(await gallery.reasons()).toEqual([]);
    expect(await gallery.logged("the picture is gone before it was looked at", key)).toHaveLength(1);
  });
});

describe("messages that are no uploads", () => {
  it.each([
    ["no JSON", "{not json", "InputInvalid"],
    [
      "an upload without its place in the order",
      JSON.stringify({ Records: [record({ sequencer: undefined })] }),
      "InputInvalid: object.sequencer",
    ],
  ])("%s is put aside with the reason", async (_name, MessageBody, reason) => {
    await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody }));
    await app.settle();
    expect(await gallery.reasons()).toEqual([expect.stringContaining(reason)]);
  });

  it("such as S3's test event and removals are passed over", async () => {
    const bodies = [
      {
        Service: "Amazon S3",
        Event: "s3:TestEvent",
        Time: "2030-01-07T12:00:00.000Z",
        Bucket: "b",
        RequestId: "r",
        HostId: "h",
      },
      { Records: [{ ...record({ key }), eventName: "ObjectRemoved:Delete" }] },
    ];
    for (const body of bodies) {
      await app
        .client(SQSClient)
        .send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody: JSON.stringify(body) }));
    }
    await app.settle();
    expect(await gallery.reasons()).toEqual([]);
    expect(await gallery.isPublished(key)).toBe(false);
  });
});

describe("the sample events", () => {
  const sample = (name: string) =>
    app.event(readFileSync(join(import.meta.dirname, "../../../events/face-blur", name), "utf8"));

  it("of an upload: of one that is not there any more it makes nothing", async () => {
    expect(await app.invoke("BlurFaces", sample("blur-faces.json"))).toEqual({ batchItemFailures: [] });
    expect(await gallery.logged("the picture is gone before it was looked at", "trips/group 1.JPG")).toHaveLength(1);
  });

  it("of something else: it is put aside", async () => {
    expect(await app.invoke("BlurFaces", sample("blur-faces.bad.json"))).toEqual({ batchItemFailures: [] });
    expect(await gallery.reasons()).toEqual([expect.stringContaining("InputInvalid")]);
  });
});

function record(object: object) {
  return {
    eventVersion: "2.6",
    eventSource: "aws:s3",
    awsRegion: "us-east-1",
    eventTime: "2030-01-07T12:00:00.000Z",
    eventName: "ObjectCreated:Put",
    s3: { bucket: { name: "photos" }, object: { key: "a.jpg", size: 1, eTag: "e", sequencer: "00", ...object } },
  };
}
