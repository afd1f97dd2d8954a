import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedETag, expiryOf, resultId, uploadId } from "./ledger-rows.ts";

describe("the expiry of a row", () => {
  it.each([
    ["2030-01-07T12:00:00Z", 1, "2030-01-09T00:00:00Z"],
    ["2030-01-07T23:59:59Z", 1, "2030-01-09T00:00:00Z"],
    ["2030-01-08T00:00:00Z", 1, "2030-01-10T00:00:00Z"],
    ["2028-02-28T23:59:59Z", 1, "2028-03-01T00:00:00Z"],
    ["2030-12-31T12:00:00Z", 30, "2031-01-31T00:00:00Z"],
  ])("of %s with %i days is %s", (now, days, expiry) => {
    expect(new Date(expiryOf(Date.parse(now), days) * 1000)).toEqual(new Date(expiry));
  });

  it("is a midnight, in seconds, and at least the whole days away", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 30 }), (now, days) => {
        const expiry = expiryOf(now, days);
        expect(expiry % 86_400).toBe(0);
        expect(expiry - now / 1000).toBeGreaterThan(days * 86_400);
        expect(expiry - now / 1000).toBeLessThanOrEqual((days + 1) * 86_400);
      }),
    );
  });
});

describe("the id of a row", () => {
  it("tells versions, buckets and keys apart", () => {
    const upload = { bucket: "b", key: "k", versionId: "v1" };
    const others = [
      upload,
      { ...upload, versionId: "v2" },
      { ...upload, bucket: "c" },
      { ...upload, key: "v1/k" },
      { bucket: "b", key: "k", eTag: "e", sequencer: "1" },
      { bucket: "b", key: "k", eTag: "e", sequencer: "2" },
    ];
    expect(new Set(others.map(uploadId)).size).toBe(others.length);
    expect(resultId(upload, "e")).not.toBe(uploadId({ ...upload, versionId: "e" }));
  });

  it("knows the ETag of a text beforehand", () => {
    expect(expectedETag("hello world")).toBe("5eb63bbbe01eeed093cb22bb8f5acdc3");
  });
});
