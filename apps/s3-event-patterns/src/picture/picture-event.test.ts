import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLater, type S3Event } from "#shared/events/s3";
import { orderOf, pictureEventOf } from "./picture-event.ts";

const event = (more: Partial<S3Event>): S3Event => ({
  bucket: "b",
  key: "photos/a b.jpg",
  kind: "created",
  name: "ObjectCreated:Put",
  isDeleteMarker: false,
  time: "2030-01-07T12:00:00.000Z",
  eTag: "e1",
  versionId: "v1",
  sequencer: "0A",
  ...more,
});

describe("an event of a picture", () => {
  it("tells what was stored, and where it stands in the order", () => {
    expect(pictureEventOf(event({}))).toEqual({
      bucket: "b",
      key: "photos/a b.jpg",
      imageKey: "b/photos/a b.jpg",
      order: `${"0".repeat(31)}A`,
      stored: { versionId: "v1", eTag: "e1" },
    });
  });

  it("leaves open what is there after a removal, with or without a marker", () => {
    for (const isDeleteMarker of [true, false])
      expect(pictureEventOf(event({ kind: "removed", isDeleteMarker }))?.stored).toBeUndefined();
  });

  it.each(["restored", "tagged", "other"] as const)("is none when the object was only %s", (kind) =>
    expect(pictureEventOf(event({ kind }))).toBeUndefined(),
  );

  it("is refused without a place in the order, or without what tells contents apart", () => {
    const { sequencer: _, ...unordered } = event({});
    const { eTag: __, ...unknown } = event({});
    expect(() => pictureEventOf(unordered)).toThrow("object.sequencer: missing");
    expect(() => pictureEventOf(unknown)).toThrow("object.eTag: missing");
    for (const sequencer of ["", "xyz", "1".repeat(33), "1\n"]) expect(() => orderOf(sequencer)).toThrow("hexadecimal");
  });
});

describe("the order", () => {
  const sequencer = fc.stringMatching(/^[0-9A-Fa-f]{1,20}$/);

  it("is that of the numbers, whatever their length and case", () => {
    fc.assert(
      fc.property(sequencer, sequencer, (one, other) => {
        expect(orderOf(one) > orderOf(other)).toBe(BigInt(`0x${one}`) > BigInt(`0x${other}`));
        expect(orderOf(one) > orderOf(other)).toBe(isLater(one, other));
      }),
    );
  });
});
