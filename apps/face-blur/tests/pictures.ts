/** Pictures for tests: photographs that come with the face detector's package, turned, cropped and filled with metadata. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = join(dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")), "demo");

/** A photograph of three to five people, 1 to 6. */
export const photograph = (number: number): Buffer => readFileSync(join(folder, `sample${number}.jpg`));
