/** DetectFaces with the default attributes; there is no local model for age, emotions and the like. */
import type * as Rekognition from "@aws-sdk/client-rekognition";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { imageBytes } from "./image.ts";
import type { FoundFace, FoundThing, Place } from "./vision/messages.ts";
import type { Vision } from "./vision/start.ts";

const PERSON = 0;
/** A face on nobody's shoulders (a cat's, a statue's) is doubtful: its confidence is lowered by this. */
const DOUBT = 0.5;

export const boundingBox = ({ left, top, width, height }: Place) => ({
  Left: left,
  Top: top,
  Width: width,
  Height: height,
});

export function detectFaces(cloud: Cloud, vision: Vision): Handler<typeof Rekognition, "DetectFaces"> {
  return async ({ Image, Attributes = ["DEFAULT"] }, call) => {
    const beyond = Attributes.find((attribute) => attribute !== "DEFAULT");
    if (beyond) {
      throw new ServiceError(
        "NotImplemented",
        `The local cloud has no model for the attribute ${beyond}; it answers DEFAULT: boxes, landmarks, pose, quality, confidence`,
        { status: 501 },
      );
    }
    const bytes = await imageBytes(cloud, Image, call.principal);
    const faces = await look(() => vision.faces(bytes));
    const people =
      faces.length === 0
        ? []
        : (await look(() => vision.things(bytes))).filter(({ kind, score }) => kind === PERSON && score > 0.25);
    const details = faces.map((face) => detailOf(face, people));
    return { FaceDetails: details.sort((a, b) => areaOf(b) - areaOf(a)) };
  };
}

/** What cannot be decoded is the caller's mistake. */
export async function look<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError("InvalidImageFormatException", "Request has invalid image format");
  }
}

function detailOf(face: FoundFace, people: readonly FoundThing[]): Rekognition.FaceDetail {
  const isPersons = people.some(({ box }) => overlap(face.box, box) > 0.5);
  return {
    BoundingBox: boundingBox(face.box),
    Confidence: 100 * face.score * (isPersons ? 1 : DOUBT),
    Landmarks: landmarksOf(face.landmarks),
    Pose: { Roll: face.angle.roll, Yaw: face.angle.yaw, Pitch: face.angle.pitch },
    Quality: { Brightness: face.brightness, Sharpness: face.sharpness },
  };
}

const areaOf = ({ BoundingBox }: Rekognition.FaceDetail): number =>
  (BoundingBox?.Width ?? 0) * (BoundingBox?.Height ?? 0);

/** The share of `inner` that lies within `outer`. */
function overlap(inner: Place, outer: Place): number {
  const width = Math.min(inner.left + inner.width, outer.left + outer.width) - Math.max(inner.left, outer.left);
  const height = Math.min(inner.top + inner.height, outer.top + outer.height) - Math.max(inner.top, outer.top);
  return width <= 0 || height <= 0 ? 0 : (width * height) / (inner.width * inner.height);
}

/** Points of the 68 that are known to DetectFaces by name; eyes are the middle of their outline. */
function landmarksOf(points: FoundFace["landmarks"]): Rekognition.Landmark[] {
  const middle = (from: number, to: number): readonly [number, number] => {
    const outline = points.slice(from, to + 1);
    const sum = outline.reduce(([x, y], point) => [x + point[0], y + point[1]] as const, [0, 0] as const);
    return [sum[0] / outline.length, sum[1] / outline.length];
  };
  const named = {
    eyeLeft: middle(36, 41),
    eyeRight: middle(42, 47),
    mouthLeft: middle(48, 48),
    mouthRight: middle(54, 54),
    nose: middle(30, 30),
  } as const;
  return Object.entries(named).map(([Type, [X, Y]]) => ({ Type: Type as Rekognition.LandmarkType, X, Y }));
}
