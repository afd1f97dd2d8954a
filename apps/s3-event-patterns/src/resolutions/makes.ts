/** The handler of a function that makes one resolution. Each has a queue of its own, so that none waits for another. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { fetchVersion } from "../picture/originals.ts";
import { type PictureEvent, pictureEventOf, type Version } from "../picture/picture-event.ts";
import { KeyRefused, PictureRefused } from "../picture/refusals.ts";
import { agree, type Made } from "./agree.ts";
import { bytesOf, findMade, keep, removeMade } from "./gallery.ts";
import { resize } from "./resize.ts";
import { keyOfResolution, refusalOf, type Resolution, shapeOf } from "./resolution.ts";
import { noteStanding, standingOf } from "./standings.ts";

const settings = {
  pixels: env.integer("PIXELS", { least: 16, most: 8_192 }),
  quality: env.integer("QUALITY", { least: 1, most: 100, otherwise: 82 }),
  mostBytes: env.integer("MOST_BYTES", { least: 1_000, most: 100_000_000, otherwise: 30_000_000 }),
  mostPixels: env.integer("MOST_PIXELS", { least: 1_000, most: 100_000_000, otherwise: 50_000_000 }),
};
const avatarsPrefix = env.text("AVATARS_PREFIX");
const recipe = `${settings.pixels}/${settings.quality}`;

export const makes = (resolution: Resolution) =>
  handleS3({ putAside: sendToDeadLetters(env.text("DEAD_LETTERS_URL")) }, async (event) => {
    const picture = pictureEventOf(event);
    if (!picture?.stored) return;
    const { imageKey, order, stored } = picture;
    const refusal = refusalOf(picture);
    if (refusal !== undefined) throw new KeyRefused(refusal);
    const madeKey = keyOfResolution(resolution, picture);
    await noteStanding(imageKey, { order, version: stored });
    const outcome = await agree({
      standing: () => standingOf(imageKey),
      made: () => findMade(madeKey),
      make: (now, version, made) => make(picture, madeKey, now, version, made),
      remove: (made) => removeMade(madeKey, made),
    });
    if (outcome === "made") count("ResolutionsMade");
    logger.info("resolution", { imageKey, resolution, outcome });
  });

async function make(
  picture: PictureEvent,
  madeKey: string,
  order: string,
  version: Version,
  made: Made | undefined,
): Promise<"done" | "source gone"> {
  const isSamePicture = made?.sourceETag === version.eTag && made.recipe === recipe;
  // The same picture was stored again: only the place in the order is new.
  const before = isSamePicture ? await bytesOf(madeKey, made) : undefined;
  if (before) logger.info("the same picture again", { imageKey: picture.imageKey });
  try {
    const bytes = before ?? (await madeOf(picture, version));
    if (!bytes) return "source gone";
    await keep(madeKey, bytes, { order, sourceETag: version.eTag, recipe }, made);
    return "done";
  } catch (error) {
    // What is kept shows a picture that is not there any more.
    if (error instanceof PictureRefused && made) await removeMade(madeKey, made);
    throw error;
  }
}

async function madeOf(picture: PictureEvent, version: Version): Promise<Uint8Array | undefined> {
  const original = await fetchVersion(picture, version, settings.mostBytes);
  return original && resize(original, shapeOf(picture.key, settings.pixels, avatarsPrefix), settings);
}
