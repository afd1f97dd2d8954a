import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { InputInvalid } from "../errors.ts";
import { busEvent, notification, objectRecord, queueRecord, topicEvent } from "../testing/events.ts";
import { lambdaContext, written } from "../testing/invocation.ts";
import { decodedKey, handleS3, isLater, type S3Event, s3EventsOf } from "./s3.ts";

const object = {
  size: 1024,
  eTag: "d41d8cd98f00b204e9800998ecf8427e",
  versionId: "v1",
  sequencer: "0055AED6DCD90281E5",
};
const expected: S3Event = {
  bucket: "photos",
  key: "summer 2029/a+b (1).jpg",
  kind: "created",
  name: "ObjectCreated:Put",
  isDeleteMarker: false,
  time: "2030-01-07T12:00:00.000Z",
  ...object,
};
const sent = { Records: [objectRecord("summer+2029/a%2Bb+%281%29.jpg", object)] };
const onBus = busEvent("Object Created", {
  version: "0",
  bucket: { name: "photos" },
  object: {
    key: "summer 2029/a+b (1).jpg",
    size: 1024,
    etag: object.eTag,
    "version-id": "v1",
    sequencer: object.sequencer,
  },
  "request-id": "C3D13FE58DE4C810",
  requester: "123456789012",
  reason: "PutObject",
});
const expectedOnBus = { ...expected, name: "Object Created:PutObject", time: "2030-01-07T12:00:00Z" };

const read = (event: unknown) =>
  s3EventsOf(event).flatMap((record) =>
    record.read().map((item) => (item instanceof InputInvalid ? item : item.input)),
  );

describe("an S3 event", () => {
  it.each<[string, unknown, S3Event, string | undefined]>([
    ["by itself", sent, expected, undefined],
    ["in a queue", { Records: [queueRecord(sent)] }, expected, "m-1"],
    ["from a topic", topicEvent(sent), expected, undefined],
    ["from a topic in a queue", { Records: [queueRecord(notification(sent))] }, expected, "m-1"],
    ["from a topic with raw delivery in a queue", { Records: [queueRecord(sent)] }, expected, "m-1"],
    ["on a bus", onBus, expectedOnBus, undefined],
    ["on a bus in a queue", { Records: [queueRecord(onBus)] }, expectedOnBus, "m-1"],
    ["on a bus from a topic in a queue", { Records: [queueRecord(notification(onBus))] }, expectedOnBus, "m-1"],
  ])("%s has one shape", (_, event, object, identifier) => {
    expect(read(event)).toEqual([object]);
    expect(s3EventsOf(event).map((record) => record.identifier)).toEqual([identifier]);
  });

  it.each([
    ["ObjectCreated:CompleteMultipartUpload", "created", false],
    ["ObjectRemoved:Delete", "removed", false],
    ["ObjectRemoved:DeleteMarkerCreated", "removed", true],
    ["LifecycleExpiration:Delete", "removed", false],
    ["LifecycleExpiration:DeleteMarkerCreated", "removed", true],
    ["ObjectTagging:Put", "tagged", false],
    ["ObjectRestore:Completed", "restored", false],
    ["ObjectRestore:Post", "other", false],
    ["Replication:OperationFailedReplication", "other", false],
  ])("%s is %s", (name, kind, isDeleteMarker) => {
    expect(read({ Records: [objectRecord("a", {}, name)] })).toEqual([
      { bucket: "photos", key: "a", kind, name, isDeleteMarker, time: expected.time },
    ]);
  });

  it.each([
    ["Object Deleted", { "deletion-type": "Permanently Deleted", reason: "DeleteObject" }, "removed", false],
    ["Object Deleted", { "deletion-type": "Delete Marker Created", reason: "Lifecycle Expiration" }, "removed", true],
    ["Object Tags Added", {}, "tagged", false],
    ["Object Restore Completed", {}, "restored", false],
    ["Object Restore Initiated", {}, "other", false],
  ])("%s on a bus with %j is %s", (type, detail, kind, isDeleteMarker) => {
    const event = busEvent(type, { bucket: { name: "photos" }, object: { key: "a%20b", "version-id": "" }, ...detail });
    expect(read(event)).toMatchObject([{ key: "a%20b", kind, isDeleteMarker }]);
    expect(read(event)[0]).not.toHaveProperty("versionId");
  });

  it("tells about every object of every record", () => {
    const event = {
      Records: [
        queueRecord({ Records: [objectRecord("a"), objectRecord("b")] }, { id: "1" }),
        queueRecord({ Records: [objectRecord("c")] }, { id: "2" }),
      ],
    };
    expect(read(event)).toMatchObject([{ key: "a" }, { key: "b" }, { key: "c" }]);
  });

  it.each(["", "2.1", "2.6", "3.0"])("is read whatever its version, such as %j", (eventVersion) => {
    expect(read({ Records: [{ ...objectRecord("a"), eventVersion }] })).toMatchObject([{ key: "a" }]);
  });

  it("that only tests the notification is passed over", () => {
    const test = {
      Service: "Amazon S3",
      Event: "s3:TestEvent",
      Time: "2030-01-07T12:00:00.000Z",
      Bucket: "photos",
      RequestId: "x",
      HostId: "y",
    };
    for (const event of [
      test,
      topicEvent(test),
      { Records: [queueRecord(test)] },
      { Records: [queueRecord(notification(test))] },
    ]) {
      expect(read(event)).toEqual([]);
    }
  });

  it.each([
    [
      "no bucket",
      { Records: [{ ...objectRecord("a"), s3: { object: { key: "a" } } }] },
      "Records[0].s3.bucket: missing",
    ],
    ["a key that is not encoded", { Records: [objectRecord("100%")] }, "s3.object.key: not a URL-encoded key"],
    ["an empty key", { Records: [objectRecord("")] }, "Records[0].s3.object.key: expected at least 1 characters"],
    [
      "another source",
      { Records: [{ ...objectRecord("a"), eventSource: "aws:x" }] },
      'Records[0].eventSource: expected "aws:s3"',
    ],
  ])("with %s is refused with the reason", (_, event, reason) => {
    expect(read(event)).toEqual([
      new InputInvalid([{ field: reason.split(": ")[0] ?? "", problem: reason.split(": ")[1] ?? "" }]),
    ]);
  });

  it.each([[{}], [null], ["x"], [{ Records: [queueRecord("no json")] }], [busEvent("Object Created", {})]])(
    "that is none is refused: %j",
    (event) => {
      expect(() => read(event)).toThrow(InputInvalid);
    },
  );

  it("is refused record by record: the others are read", () => {
    const [good, bad, after] = read({ Records: [objectRecord("a"), objectRecord("%zz"), objectRecord("c")] });
    expect([good, after]).toMatchObject([{ key: "a" }, { key: "c" }]);
    expect(bad).toBeInstanceOf(InputInvalid);
  });
});

describe("a key", () => {
  it("comes out as it was stored", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (key) => {
        const encoded = encodeURIComponent(key).replaceAll("%20", "+");
        expect(decodedKey(encoded)).toBe(key);
      }),
    );
  });

  it("is decoded once", () => {
    expect(decodedKey("a%2520b%252Bc")).toBe("a%20b%2Bc");
  });

  it.each(["../../etc/passwd", "a\nb", "__proto__", "constructor", "日本語 🎈"])("may be %j", (key) => {
    expect(read({ Records: [objectRecord(encodeURIComponent(key))] })).toMatchObject([{ key }]);
  });
});

describe("the order of events", () => {
  it("is that of the sequencers as numbers", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 80n }), fc.bigInt({ min: 0n, max: 2n ** 80n }), (a, b) => {
        expect(isLater(a.toString(16).toUpperCase(), b.toString(16))).toBe(a > b);
      }),
    );
  });

  it("is unknown without one", () => {
    expect(isLater(undefined, "00")).toBe(false);
    expect(isLater("00", undefined)).toBe(false);
  });
});

describe("a function of objects", () => {
  it("reports the message that has a failing object, after trying its others", async () => {
    const work = vi.fn<(event: S3Event) => void>(({ key }: S3Event) => {
      if (key === "bad") throw new Error("broken");
    });
    const event = {
      Records: [
        queueRecord({ Records: [objectRecord("bad"), objectRecord("good")] }, { id: "1" }),
        queueRecord({ Records: [objectRecord("fine")] }, { id: "2" }),
      ],
    };
    const handler = handleS3({ concurrency: 1 }, work);
    let answer: unknown;
    const { entries } = await written(async () => (answer = await handler(event, lambdaContext())));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "1" }] });
    expect(work.mock.calls.map(([{ key }]) => key)).toEqual(["bad", "good", "fine"]);
    expect(entries).toEqual([expect.objectContaining({ message: "record failed", record: "1", correlation_id: "1" })]);
  });

  it("throws its own error when S3 calls it directly", async () => {
    const error = new Error("broken");
    const handler = handleS3({}, () => Promise.reject(error));
    await written(async () => {
      await expect(handler(sent, lambdaContext())).rejects.toBe(error);
    });
    await expect(handleS3({}, () => "done")(sent, lambdaContext())).resolves.toBeUndefined();
  });

  it("does nothing on a test event", async () => {
    const work = vi.fn<(...seen: unknown[]) => unknown>();
    await handleS3({}, work)({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "photos" }, lambdaContext());
    expect(work).not.toHaveBeenCalled();
  });
});
