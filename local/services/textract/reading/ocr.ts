/** Text in pictures: Tesseract with its model for English, in a thread of its own that is started for the first picture. */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { createWorker, type Worker } from "tesseract.js";
import type { Page, Word } from "./messages.ts";

/** Quotas in Amazon Textract: "Document Rotation and Image Size". */
const MOST_SIDE = 10_000;
/** Larger pictures are read in this size, smaller ones in twice theirs: Tesseract wants capitals of about 25 pixels. */
const LONGEST_SIDE = 2_600;
const SMALL_SIDE = 1_000;
/** What Tesseract is less sure of than this is dirt on the glass. */
const LEAST_CONFIDENCE = 15;

let starting: Promise<Worker> | undefined;

async function start(): Promise<Worker> {
  const model = dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"));
  const worker = await createWorker("eng", 1, {
    langPath: join(model, "4.0.0_best_int"),
    gzip: true,
    cacheMethod: "none",
    errorHandler: () => undefined, // an error also rejects the call that it belongs to
  });
  await worker.setParameters({ user_defined_dpi: "200" });
  return worker;
}

/** The words of an encoded picture, or of one with a byte a pixel. Places are in pixels of the picture as it is meant to be seen. */
export async function readPicture(
  input: Uint8Array,
  raw?: { readonly width: number; readonly height: number },
  pageIndex = 0,
): Promise<Page> {
  const picture = raw
    ? sharp(input, { raw: { ...raw, channels: 1 } })
    : sharp(input, { limitInputPixels: MOST_SIDE * MOST_SIDE, page: pageIndex });
  const { width, height } = await picture.metadata().then((seen) => seen.autoOrient);
  if (width > MOST_SIDE || height > MOST_SIDE) throw new Error("A side is longer than 10000 pixels");
  const longest = Math.max(width, height);
  const scale = longest > LONGEST_SIDE ? LONGEST_SIDE / longest : longest < SMALL_SIDE ? 2 : 1;
  const upright = raw ? picture : picture.rotate().flatten({ background: "#fff" });
  const prepared = await upright
    .greyscale()
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: "fill" })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const worker = await (starting ??= start());
  const { data } = await worker.recognize(prepared, {}, { blocks: true, text: false });
  const found = (data.blocks ?? []).flatMap((block) =>
    block.paragraphs.flatMap((one) => one.lines.flatMap((line) => line.words)),
  );
  const words = found.flatMap(({ text, confidence, bbox }): Word[] =>
    text.trim() === "" || confidence < LEAST_CONFIDENCE
      ? []
      : [
          {
            text: text.trim(),
            confidence,
            left: bbox.x0 / scale,
            top: bbox.y0 / scale,
            right: bbox.x1 / scale,
            bottom: bbox.y1 / scale,
          },
        ],
  );
  return { width, height, words };
}

/** Pages of a TIFF; 1 of any other picture. Throws when it is no picture. */
export async function countPictures(bytes: Uint8Array): Promise<number> {
  return (await sharp(bytes, { limitInputPixels: MOST_SIDE * MOST_SIDE }).metadata()).pages ?? 1;
}
