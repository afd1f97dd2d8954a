import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { S3Event } from "#shared/events/s3";
import { newsOf } from "./news.ts";

const event = (more: Partial<S3Event> = {}): S3Event => ({
  bucket: "notices",
  key: "reports/May 2030.pdf",
  kind: "created",
  name: "ObjectCreated:Put",
  isDeleteMarker: false,
  size: 1_234_567,
  time: "2030-01-07T12:00:00.000Z",
  ...more,
});

describe("news", () => {
  it("of an upload name file, place, size and time", () => {
    expect(newsOf(event({ versionId: "v1" }))).toEqual({
      subject: "May 2030.pdf was uploaded",
      mail: [
        "May 2030.pdf was uploaded.",
        "",
        "Key:     reports/May 2030.pdf",
        "Bucket:  notices",
        "Size:    1.2 MB",
        "Version: v1",
        "When:    2030-01-07T12:00:00.000Z",
        "",
      ].join("\n"),
      sms: "May 2030.pdf was uploaded (1.2 MB)",
    });
  });

  it.each([
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [999_000, "999.0 kB"],
  ])("say %i bytes as %s", (size, text) => expect(newsOf(event({ size }))?.sms).toContain(`(${text})`));

  it("of removals and restores say so, without a size", () => {
    const { size: _, ...removed } = event({ kind: "removed" });
    expect(newsOf(removed)?.sms).toBe("May 2030.pdf was removed");
    expect(newsOf(event({ kind: "restored" }))?.subject).toBe("May 2030.pdf was restored from the archive");
  });

  it("are not made of tags", () => expect(newsOf(event({ kind: "tagged" }))).toBeUndefined());

  it("stay within what a subject and an SMS may be, whatever the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 300 }), (key) => {
        const { subject, mail, sms } = newsOf(event({ key })) ?? { subject: "", mail: "", sms: "" };
        expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
        expect(sms.length).toBeLessThanOrEqual(/^[\x20-\x7e]*$/.test(sms) ? 160 : 70);
        expect(sms).not.toMatch(/\p{Cc}/u);
        expect(mail.split("\n")).toHaveLength(7);
        expect(sms.isWellFormed()).toBe(key.isWellFormed() || sms.isWellFormed());
      }),
      { numRuns: 50 },
    );
  });
});
