/** What the template's parameters ask for, read once at start. */
import { env } from "#shared/environment";
import { METHODS } from "./faces/cover.ts";

export const settings = {
  destinationBucket: env.text("DESTINATION_BUCKET"),
  reportsBucket: env.text("REPORTS_BUCKET"),
  cover: {
    method: env.oneOf("METHOD", METHODS, "pixelate"),
    squares: env.integer("SQUARES", { least: 1, most: 8, otherwise: 5 }),
    padding: env.integer("PADDING_PERCENT", { least: 0, most: 200, otherwise: 35 }) / 100,
  },
  find: {
    leastConfidence: env.integer("LEAST_CONFIDENCE", { least: 0, most: 99, otherwise: 20 }),
    findsSmallFaces: env.flag("FIND_SMALL_FACES"),
  },
  publishesWithoutFaces: env.flag("PUBLISH_WITHOUT_FACES", true),
  quality: env.integer("QUALITY", { least: 1, most: 100, otherwise: 88 }),
  mostBytes: env.integer("MOST_BYTES", { least: 1_000, most: 100_000_000, otherwise: 30_000_000 }),
  mostPixels: env.integer("MOST_PIXELS", { least: 1_000, most: 100_000_000, otherwise: 50_000_000 }),
  tries: env.integer("TRIES", { least: 1, most: 100, otherwise: 5 }),
} as const;
