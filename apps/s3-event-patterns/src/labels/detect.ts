/** Asks Rekognition what is on a picture. It reads the picture from S3 by itself: 15 MB instead of the 5 MB that a call may carry. */
import { DetectLabelsCommand } from "@aws-sdk/client-rekognition";
import { rekognition } from "#shared/clients/rekognition";
import { isThere } from "../picture/originals.ts";
import type { PictureEvent, Version } from "../picture/picture-event.ts";
import { PictureRefused } from "../picture/refusals.ts";
import { type Label, labelsOf } from "./labels.ts";

export interface Question {
  /** Percent. */
  readonly leastConfidence: number;
  readonly mostLabels: number;
}

export interface Found {
  readonly labels: readonly Label[];
  readonly modelVersion: string;
}

/** Errors that say that the picture is at fault, not the moment (DetectLabels, Errors). */
const REFUSALS = new Set(["InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"]);

/** Undefined when the version is gone. Throws PictureRefused. */
export async function detectLabels(
  picture: PictureEvent,
  version: Version,
  { leastConfidence, mostLabels }: Question,
): Promise<Found | undefined> {
  const { versionId } = version;
  try {
    const { Labels = [], LabelModelVersion = "unknown" } = await rekognition.send(
      new DetectLabelsCommand({
        Image: {
          S3Object: {
            Bucket: picture.bucket,
            Name: picture.key,
            ...(versionId === "null" ? {} : { Version: versionId }),
          },
        },
        MinConfidence: leastConfidence,
        MaxLabels: mostLabels,
      }),
    );
    return { labels: labelsOf(Labels), modelVersion: LabelModelVersion };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (REFUSALS.has(error.name)) throw new PictureRefused(`${error.name}: ${error.message}`, {}, { cause: error });
    // The same error says that there is no such object and that it may not be read.
    if (error.name === "InvalidS3ObjectException" && !(await isThere(picture, version))) return undefined;
    throw error;
  }
}
