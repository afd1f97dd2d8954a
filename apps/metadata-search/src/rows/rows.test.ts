import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayIn, type IndexRow, orderOfEvent, orderOfListed, partitionOf, rowOf, withoutCopies } from "./index-row.ts";
import { parquetOf, rowsIn } from "./parquet.ts";
import { absent, missingIn } from "./required-metadata.ts";

const fields = { customer: "customer-id", category: "category", received: "received-date" };
const happening = {
  bucket: "b",
  key: "a/b c.txt",
  versionId: "v1",
  kind: "created",
  name: "Object Created:PutObject",
  time: "2030-01-07T12:00:00Z",
  eventOrder: orderOfEvent("00A1", "2030-01-07T12:00:00Z"),
} as const;
const description = { size: 3, eTag: "e", contentType: "text/plain", metadata: { "customer-id": "c-1" }, tags: {} };
const row = (more: Partial<IndexRow> = {}): IndexRow => ({
  ...rowOf(happening, description, fields, "2030-01-07T12:01:00.000Z"),
  ...more,
});

describe("a row", () => {
  it("has the name behind the last slash, and what the uploader said", () => {
    expect(row()).toMatchObject({ fileName: "b c.txt", customer: "c-1", receivedOn: "2030-01-07", isRead: true });
  });

  it("of what was gone says only what the event said", () => {
    expect(rowOf({ ...happening, size: 9 }, undefined, fields, "x")).toMatchObject({
      size: 9,
      isRead: false,
      metadata: {},
    });
  });

  it.each([
    ["2030-01-03", "2030-01-03"],
    ["2030-01-03T10:00:00Z", "2030-01-03"],
    ["2030-02-30", undefined],
    ["2030-1-3", undefined],
    ["2030-01-03x", undefined],
    ["soon", undefined],
    [undefined, undefined],
  ])("takes the day of %s for %s", (text, day) => {
    expect(dayIn(text)).toBe(day);
  });

  it("lies under its day, but not before the first", () => {
    expect(partitionOf(row(), "2025-01-01")).toBe("2030-01-07");
    expect(partitionOf(row({ uploadedAt: "2006-03-14T00:00:00Z" }), "2025-01-01")).toBe("2025-01-01");
  });

  it("lacks metadata that are absent or blank, unless it could not be asked", () => {
    expect(absent({ a: "1", b: " " }, ["a", "b", "c"])).toEqual(["b", "c"]);
    expect(missingIn(row(), ["customer-id", "category"])).toEqual(["category"]);
    expect(missingIn(row({ isRead: false }), ["category"])).toEqual([]);
    expect(missingIn(row({ kind: "deleted" }), ["category"])).toEqual([]);
  });
});

describe("the order of what happened", () => {
  const time = "2030-01-07T12:00:00Z";
  it("is that of sequencers of any length and case", () => {
    const sequencer = fc.bigInt({ min: 0n, max: 2n ** 80n });
    fc.assert(
      fc.property(sequencer, sequencer, fc.boolean(), (a, b, isUpper) => {
        const text = (value: bigint) => (isUpper ? value.toString(16).toUpperCase() : value.toString(16));
        expect(orderOfEvent(text(a), time) < orderOfEvent(b.toString(16), time)).toBe(a < b);
      }),
    );
  });

  it("puts what was listed before every event, by time, then as it was listed", () => {
    expect(orderOfListed(Date.parse("2099-01-01"), 0) < orderOfEvent("0", time)).toBe(true);
    expect(orderOfListed(1_000, 5) < orderOfListed(2_000, 9)).toBe(true);
    expect(orderOfListed(1_000, 1) < orderOfListed(1_000, 0)).toBe(true);
  });
});

describe("copies", () => {
  it("count once: the one that was read, then the last that was written", () => {
    const unread = row({ isRead: false, indexedAt: "2030-01-09T00:00:00.000Z" });
    const later = row({ indexedAt: "2030-01-08T00:00:00.000Z" });
    expect(withoutCopies([unread, row(), later, row()])).toEqual([later]);
    expect(withoutCopies([row(), row({ versionId: "v2" })])).toHaveLength(2);
  });
});

describe("Parquet", () => {
  it("gives back what was put in, whatever it is", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    const pairs = fc.dictionary(fc.stringMatching(/^[a-z0-9-]{1,10}$/), text, { maxKeys: 4, noNullPrototype: true });
    const any = fc.record({ key: text, customer: fc.option(text, { nil: undefined }), metadata: pairs, tags: pairs });
    await fc.assert(
      fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 6 }), async (changes) => {
        const rows = changes.map((change, index) => row({ ...change, versionId: String(index) }));
        const back = await rowsIn(parquetOf(rows));
        expect(back.toSorted((a, b) => Number(a.versionId) - Number(b.versionId))).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });
});
