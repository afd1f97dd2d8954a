/** What was done with a picture, for whoever wants to know: where faces were, how they were covered. No pixels. */
import { createHash } from "node:crypto";
import type { Method } from "./faces/cover.ts";
import type { Face } from "./faces/find.ts";
import type { Hidden } from "./hide-faces.ts";

export interface Report {
  readonly key: string;
  readonly versionId: string;
  readonly uploadedAt: string;
  /** `covered`; `copied` where there was no face; `withheld` where pictures without faces are not published. */
  readonly outcome: "covered" | "copied" | "withheld";
  readonly method: Method;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Boxes as the detector sees them, and the radii of the ellipse that was covered; whole pixels of the upright picture. */
  readonly faces: readonly ReportedFace[];
  /** Possible faces that were left as they are, being less certain than asked for. */
  readonly doubtful: readonly ReportedFace[];
  /** The pixels are those of the upload; only metadata was taken out. */
  readonly isUntouched: boolean;
  /** Calls of DetectFaces. */
  readonly looks: number;
}

interface ReportedFace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0 to 100. */
  readonly confidence: number;
  readonly radiusX?: number;
  readonly radiusY?: number;
}

export interface Upload {
  readonly key: string;
  readonly versionId: string;
  readonly time: string;
}

export function reportOf(
  { key, versionId, time }: Upload,
  { found, covers, size, isUntouched }: Hidden,
  { method, publishesWithoutFaces }: { readonly method: Method; readonly publishesWithoutFaces: boolean },
): Report {
  const count = found.faces.length;
  return {
    key,
    versionId,
    uploadedAt: time,
    outcome: count > 0 ? "covered" : publishesWithoutFaces ? "copied" : "withheld",
    method,
    ...size,
    count,
    faces: found.faces.map((face, index) => {
      const { radiusX = 0, radiusY = 0 } = covers[index] ?? {};
      return { ...reported(face), radiusX: Math.round(radiusX), radiusY: Math.round(radiusY) };
    }),
    doubtful: found.doubtful.map(reported),
    isUntouched,
    looks: found.looks,
  };
}

const reported = ({ box, confidence }: Face): ReportedFace => ({
  left: Math.round(box.left),
  top: Math.round(box.top),
  width: Math.round(box.width),
  height: Math.round(box.height),
  confidence: Math.round(confidence * 10) / 10,
});

/** S3 takes keys of up to 1,024 bytes; version and suffix need some of them. */
const LONGEST_PLAIN_KEY = 900;

/** One report a version. Very long keys are replaced by their SHA-256. */
export function reportKeyOf({ key, versionId }: Pick<Upload, "key" | "versionId">): string {
  const isLong = Buffer.byteLength(key) > LONGEST_PLAIN_KEY;
  return `${isLong ? createHash("sha256").update(key).digest("hex") : key}/${versionId}.json`;
}
