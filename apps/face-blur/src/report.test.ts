import { describe, expect, it } from "vitest";
import type { Hidden } from "./hide-faces.ts";
import { reportKeyOf, reportOf } from "./report.ts";

const upload = { key: "a/b.jpg", versionId: "v1", time: "2030-01-07T12:00:00Z" };
const face = { box: { left: -3.4, top: 10.6, width: 20, height: 30 }, confidence: 98.7654 };
const hidden = (faces: Hidden["found"]["faces"]): Hidden => ({
  bytes: Buffer.from("PIXELS"),
  format: "jpeg",
  size: { width: 300, height: 200 },
  found: { faces, doubtful: [{ ...face, confidence: 3 }], looks: 2 },
  covers: faces.map(() => ({ centreX: 1, centreY: 2, radiusX: 17.2, radiusY: 25.8 })),
  isUntouched: faces.length === 0,
});
const options = { method: "blur", publishesWithoutFaces: true } as const;

describe("a report", () => {
  it("tells where faces were and how they were covered, without any pixels", () => {
    const report = reportOf(upload, hidden([face]), options);
    expect(report).toEqual({
      key: "a/b.jpg",
      versionId: "v1",
      uploadedAt: "2030-01-07T12:00:00Z",
      outcome: "covered",
      method: "blur",
      width: 300,
      height: 200,
      count: 1,
      faces: [{ left: -3, top: 11, width: 20, height: 30, confidence: 98.8, radiusX: 17, radiusY: 26 }],
      doubtful: [{ left: -3, top: 11, width: 20, height: 30, confidence: 3 }],
      isUntouched: false,
      looks: 2,
    });
    expect(JSON.stringify(report)).not.toContain("PIXELS");
  });

  it.each([
    [true, "copied"],
    [false, "withheld"],
  ])("says of a picture without faces, published %s, that it was %s", (publishesWithoutFaces, outcome) => {
    expect(reportOf(upload, hidden([]), { ...options, publishesWithoutFaces }).outcome).toBe(outcome);
  });

  it.each(["a.jpg", "ü".repeat(450), "x".repeat(1_024)])("lies under a key that S3 takes, one a version", (key) => {
    const keys = ["v".repeat(32), "w".repeat(32)].map((versionId) => reportKeyOf({ key, versionId }));
    for (const reportKey of keys) expect(Buffer.byteLength(reportKey)).toBeLessThanOrEqual(1_024);
    expect(new Set(keys).size).toBe(2);
  });
});
