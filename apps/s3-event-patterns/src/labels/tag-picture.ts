/** Keeps the labels of a picture true to what is stored, whatever order its events come in and however often. */
import { env } from "#shared/environment";
import type { S3Event } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { currentVersion } from "../picture/originals.ts";
import { type PictureEvent, pictureEventOf, type Version } from "../picture/picture-event.ts";
import { PictureRefused } from "../picture/refusals.ts";
import { detectLabels, type Found } from "./detect.ts";
import { rowOf, saveRow } from "./label-store.ts";

const question = {
  leastConfidence: env.integer("LEAST_CONFIDENCE", { least: 0, most: 100, otherwise: 55 }),
  mostLabels: env.integer("MOST_LABELS", { least: 1, most: 1_000, otherwise: 20 }),
};
const REMEMBER_REMOVALS_SECONDS =
  env.integer("REMEMBER_REMOVALS_DAYS", { least: 38, most: 3_650, otherwise: 45 }) * 86_400;

/** Throws PictureRefused after it has noted that the picture has no labels. */
export async function tagPicture(event: S3Event): Promise<void> {
  const picture = pictureEventOf(event);
  if (!picture) return;
  const outcome = await tag(picture);
  if (outcome === "labelled") count("PicturesTagged");
  logger.info("picture tagged", { imageKey: picture.imageKey, outcome });
}

async function tag(picture: PictureEvent): Promise<string> {
  const { imageKey, order } = picture;
  const known = await rowOf(imageKey);
  // Its retry would else look as if all were well.
  if (known?.state === "refused" && known.order === order) throw new PictureRefused(known.reason);
  if (known && known.order >= order) return "known already";
  // After a removal an older version may have come up again, or it was an older one that went.
  const version = picture.stored ?? (await currentVersion(picture));
  if (!version) {
    const expiresAt = Math.floor(Date.now() / 1_000) + REMEMBER_REMOVALS_SECONDS;
    return said("removed", await saveRow({ imageKey, order, state: "removed", expiresAt }));
  }
  const sameAsBefore =
    known?.state === "labelled" &&
    known.eTag === version.eTag &&
    known.question.leastConfidence === question.leastConfidence &&
    known.question.mostLabels === question.mostLabels;
  // The same bytes have the same labels: Rekognition is not asked, and not paid, again.
  const found = sameAsBefore ? known : await detectOrRefuse(picture, version);
  // Its removal is on the way as an event of its own.
  if (!found) return "gone before it was looked at";
  const { labels, modelVersion } = found;
  const isSaved = await saveRow({ imageKey, order, ...version, state: "labelled", labels, modelVersion, question });
  return said(sameAsBefore ? "the same picture again" : "labelled", isSaved);
}

async function detectOrRefuse(picture: PictureEvent, version: Version): Promise<Found | undefined> {
  try {
    return await detectLabels(picture, version, question);
  } catch (error) {
    if (error instanceof PictureRefused) {
      // Else the labels of what was there before would stay.
      const { imageKey, order } = picture;
      await saveRow({ imageKey, order, ...version, state: "refused", reason: error.message });
    }
    throw error;
  }
}

const said = (outcome: string, isSaved: boolean): string => (isSaved ? outcome : "overtaken by a later event");
