import { randomFillSync } from "node:crypto";
import type { DetectFacesCommand, DetectFacesCommandOutput } from "@aws-sdk/client-rekognition";
import sharp, { type Sharp } from "sharp";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { failing } from "#shared/testing/invocation";
import { landscape } from "../../tests/pictures.ts";
import { openPicture, type Pixels } from "../picture/open.ts";
import { lookForFaces } from "./detect.ts";
import { wholeOf } from "./views.ts";

const send = vi.hoisted(() => vi.fn<(command: DetectFacesCommand) => Promise<Partial<DetectFacesCommandOutput>>>());
vi.mock("#shared/clients/rekognition", () => ({ rekognition: { send } }));

const box = { Left: 0.25, Top: 0.5, Width: 0.125, Height: 0.25 };
beforeEach(() => void send.mockReset().mockResolvedValue({ FaceDetails: [{ BoundingBox: box, Confidence: 97 }] }));

const shown = () => Promise.all(send.mock.calls.map(([{ input }]) => sharp(input.Image?.Bytes).metadata()));
const pixelsOf = async (picture: Sharp) =>
  (await openPicture(await picture.png({ compressionLevel: 0 }).toBuffer(), 100_000_000)).pixels;
const look = (pixels: Pixels) => lookForFaces(pixels, wholeOf(pixels));

describe("what the detector is shown", () => {
  it("is a JPEG of at most 1,920 pixels and nothing but pixels", async () => {
    await look(await pixelsOf(landscape(4_000, 1_000)));
    expect(await shown()).toMatchObject([{ format: "jpeg", width: 1_920, height: 480, channels: 3 }]);
    const [{ exif, icc, orientation } = {}] = await shown();
    expect([exif, icc, orientation]).toEqual([undefined, undefined, undefined]);
  });

  it("is one part where one is asked for", async () => {
    await lookForFaces(await pixelsOf(landscape(400, 300)), { left: 50, top: 60, width: 200, height: 100 });
    expect(await shown()).toMatchObject([{ width: 200, height: 100 }]);
  });

  it("has a margin where the picture is too small for it, and the answer is right all the same", async () => {
    const [face] = await look(await pixelsOf(landscape(40, 160)));
    expect(await shown()).toMatchObject([{ width: 80, height: 160 }]);
    expect(face?.share).toEqual({ left: 0.5, top: 0.5, width: 0.25, height: 0.25 });
  });

  it("has at most 5 MB, whatever is on it", async () => {
    const side = 1_920;
    const data = randomFillSync(Buffer.alloc(side * side * 3));
    await look({ data, width: side, height: side, channels: 3 });
    expect(send.mock.calls[0]?.[0].input.Image?.Bytes?.length).toBeLessThanOrEqual(5 * 1024 * 1024);
  });

  it("is also what transparency hides", async () => {
    // Red, but wholly transparent: white to look at.
    const hidden = sharp({
      create: { width: 100, height: 100, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
    });
    const seen = await look(await pixelsOf(hidden));
    expect(seen).toHaveLength(2);
    const colours = await Promise.all(
      send.mock.calls.map(async ([{ input }]) => {
        const { channels } = await sharp(input.Image?.Bytes).stats();
        return channels.map(({ mean }) => Math.round(mean / 255)).join("");
      }),
    );
    expect(colours).toEqual(["111", "100"]);
  });
});

describe("what the detector answers", () => {
  it("is taken over", async () => {
    expect(await look(await pixelsOf(landscape()))).toEqual([
      { share: { left: 0.25, top: 0.5, width: 0.125, height: 0.25 }, confidence: 97 },
    ]);
  });

  it("may be that there is no face", async () => {
    send.mockResolvedValue({ FaceDetails: [] });
    expect(await look(await pixelsOf(landscape()))).toEqual([]);
  });

  it("counts as a sure face without a confidence", async () => {
    send.mockResolvedValue({ FaceDetails: [{ BoundingBox: box }] });
    expect(await look(await pixelsOf(landscape()))).toMatchObject([{ confidence: 100 }]);
  });

  it.each([
    ["no list of faces", {}],
    ["a face without a box", { FaceDetails: [{ Confidence: 99 }] }],
    ["a box without a width", { FaceDetails: [{ BoundingBox: { Left: 0, Top: 0, Height: 0.1 } }] }],
    ["a box that is none", { FaceDetails: [{ BoundingBox: { ...box, Left: Number.NaN } }] }],
    ["a box without an area", { FaceDetails: [{ BoundingBox: { ...box, Height: 0 } }] }],
  ])("is no answer when it is %s", async (_name, answer) => {
    send.mockResolvedValue(answer);
    expect(await failing(look(await pixelsOf(landscape())))).toMatchObject({
      name: "DetectionFailed",
      retryable: true,
    });
  });

  it.each([
    ["ThrottlingException", "DetectionFailed", true],
    ["AccessDeniedException", "DetectionFailed", true],
    ["TimeoutError", "DetectionFailed", true],
    ["InvalidImageFormatException", "DetectionRefused", false],
    ["ImageTooLargeException", "DetectionRefused", false],
  ])("%s is %s", async (name, expected, retryable) => {
    send.mockRejectedValue(Object.assign(new Error("no"), { name }));
    expect(await failing(look(await pixelsOf(landscape())))).toMatchObject({
      name: expected,
      message: `${name}: no`,
      retryable,
    });
  });
});
