/** Shows parts of pictures to Amazon Rekognition. */
import { DetectFacesCommand, type FaceDetail } from "@aws-sdk/client-rekognition";
import type { Sharp } from "sharp";
import { rekognition } from "#shared/clients/rekognition";
import { AppError, Unavailable } from "#shared/errors";
import { sharpOf } from "../picture/encode.ts";
import type { Pixels } from "../picture/open.ts";
import type { Seen } from "./find.ts";
import { type Box, LONGEST_SIDE, type Size } from "./views.ts";

/** The detector could not be asked, or its answer makes no sense. Nothing is published; a retry asks again. */
export class DetectionFailed extends Unavailable {}

/** The detector refuses what it is shown, and would do so again. */
export class DetectionRefused extends AppError {}

/** What may be sent as bytes, and the shortest side (Guidelines and quotas in Amazon Rekognition). */
const MOST_BYTES = 5 * 1024 * 1024;
const SHORTEST_SIDE = 80;
const QUALITIES = [90, 75, 50];
const REFUSALS = new Set(["InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"]);

/**
 * The faces in a part of a picture. Where pixels are transparent the detector is also shown the colours that they hide:
 * a file gives them away to everybody who takes the transparency off.
 * Throws DetectionFailed, DetectionRefused.
 */
export async function lookForFaces(pixels: Pixels, view: Box): Promise<readonly Seen[]> {
  const part = sharpOf(pixels).extract(view);
  if (pixels.channels === 3) return detect(part, view);
  const asSeen = await detect(part.clone().flatten({ background: "white" }), view);
  // In a step of its own: scaled together with its transparency, what is hidden would be lost.
  const { data, info } = await part.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const withoutTransparency = sharpOf({ data, width: info.width, height: info.height, channels: 3 });
  return [...asSeen, ...(await detect(withoutTransparency, view))];
}

async function detect(part: Sharp, view: Size): Promise<Seen[]> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(view.width, view.height));
  const width = Math.max(1, Math.round(view.width * scale));
  const height = Math.max(1, Math.round(view.height * scale));
  // A picture that is too small for the detector gets a margin at the right and below.
  const canvas = { width: Math.max(width, SHORTEST_SIDE), height: Math.max(height, SHORTEST_SIDE) };
  const shown = part
    .resize(width, height, { fit: "fill" })
    .extend({ right: canvas.width - width, bottom: canvas.height - height, background: "white" });
  const faces = await ask(await jpegOf(shown));
  return faces.map((face) => seenOf(face, { across: canvas.width / width, down: canvas.height / height }));
}

async function jpegOf(picture: Sharp): Promise<Buffer> {
  for (const quality of QUALITIES) {
    const bytes = await picture.clone().jpeg({ quality }).toBuffer();
    if (bytes.length <= MOST_BYTES) return bytes;
  }
  throw new DetectionRefused(`Even at low quality the detector would be shown more than ${MOST_BYTES} bytes`);
}

async function ask(Bytes: Buffer): Promise<readonly FaceDetail[]> {
  let answer;
  try {
    answer = await rekognition.send(new DetectFacesCommand({ Image: { Bytes }, Attributes: ["DEFAULT"] }));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (REFUSALS.has(name)) throw new DetectionRefused(`${name}: ${message}`, {}, { cause: error });
    throw new DetectionFailed(`${name}: ${message}`, {}, { cause: error });
  }
  // No list is no answer. Taken for "no faces", it would publish them.
  if (!answer.FaceDetails) throw new DetectionFailed("The detector answered without a list of faces");
  return answer.FaceDetails;
}

function seenOf({ BoundingBox, Confidence }: FaceDetail, stretch: { across: number; down: number }): Seen {
  const { Left, Top, Width, Height } = BoundingBox ?? {};
  if (!isNumber(Left) || !isNumber(Top) || !isNumber(Width) || !isNumber(Height) || !(Width > 0 && Height > 0)) {
    throw new DetectionFailed("The detector reported a face without saying where");
  }
  const share = {
    left: Left * stretch.across,
    top: Top * stretch.down,
    width: Width * stretch.across,
    height: Height * stretch.down,
  };
  // A face of unknown confidence is a face.
  return { share, confidence: Confidence ?? 100 };
}

const isNumber = (value: number | undefined): value is number => Number.isFinite(value);
