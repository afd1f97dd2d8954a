/**
 * The worker thread that looks at pictures: an SSD MobileNet for faces with 68 landmarks (`@vladmandic/face-api`) and a CenterNet
 * for 80 kinds of things (`@vladmandic/human`), on WebAssembly. Bundled by `vision/start.ts`, so that it finds TensorFlow.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import * as faceapi from "@vladmandic/face-api/dist/face-api.node-wasm.js";
import sharp from "sharp";
import type { Ask, FoundFace, FoundThing, Reply } from "./messages.ts";

const { modules } = workerData as { readonly modules: string };
const FACE_THRESHOLD = 0.4;
const MOST_FACES = 100;
const THING_INPUT = 512;
/** Larger pictures are looked at in this size; boxes are fractions, so nothing else depends on it. */
const LONGEST_SIDE = 1280;

const ready = (async () => {
  setWasmPaths(`${join(modules, "@tensorflow/tfjs-backend-wasm/dist")}/`);
  await tf.setBackend("wasm");
  await tf.ready();
  const models = join(modules, "@vladmandic/face-api/model");
  await faceapi.nets.ssdMobilenetv1.loadFromDisk(models);
  await faceapi.nets.faceLandmark68Net.loadFromDisk(models);
})();

let things: Promise<tf.GraphModel> | undefined;

/** The picture as it is meant to be seen: turned by its EXIF orientation, without alpha, in sRGB. */
async function decode(bytes: Uint8Array, longest = LONGEST_SIDE) {
  const { data, info } = await sharp(bytes, { limitInputPixels: 268_402_689 })
    .rotate()
    .resize(longest, longest, { fit: "inside", withoutEnlargement: true })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function findFaces(bytes: Uint8Array): Promise<FoundFace[]> {
  await ready;
  const picture = await decode(bytes);
  const tensor = tf.tensor3d(picture.data, [picture.height, picture.width, 3], "int32");
  try {
    const options = new faceapi.SsdMobilenetv1Options({ minConfidence: FACE_THRESHOLD, maxResults: MOST_FACES });
    const found = await faceapi.detectAllFaces(tensor, options).withFaceLandmarks();
    return found.map(({ detection, landmarks, angle }) => ({
      box: fractions(detection.box, picture),
      score: detection.score,
      landmarks: landmarks.positions.map(({ x, y }) => [x / picture.width, y / picture.height] as const),
      angle: { roll: angle.roll ?? 0, pitch: angle.pitch ?? 0, yaw: angle.yaw ?? 0 },
      ...qualityOf(picture, detection.box),
    }));
  } finally {
    tensor.dispose();
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
type Picture = Awaited<ReturnType<typeof decode>>;

const fractions = ({ x, y, width, height }: Box, picture: Picture) => ({
  left: x / picture.width,
  top: y / picture.height,
  width: width / picture.width,
  height: height / picture.height,
});

/** Mean luminance, and contrast between neighbours, of the pixels in a box. */
function qualityOf({ data, width, height }: Picture, box: Box): { brightness: number; sharpness: number } {
  const luminance = (x: number, y: number) => {
    const at = (y * width + x) * 3;
    return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
  };
  const [left, top] = [Math.max(1, Math.floor(box.x)), Math.max(1, Math.floor(box.y))];
  const [right, bottom] = [
    Math.min(width - 2, Math.ceil(box.x + box.width)),
    Math.min(height - 2, Math.ceil(box.y + box.height)),
  ];
  let [sum, edges, count] = [0, 0, 0];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const here = luminance(x, y);
      sum += here;
      edges += Math.abs(
        4 * here - luminance(x - 1, y) - luminance(x + 1, y) - luminance(x, y - 1) - luminance(x, y + 1),
      );
      count++;
    }
  }
  return count === 0
    ? { brightness: 0, sharpness: 0 }
    : { brightness: sum / count / 2.55, sharpness: Math.min(100, (edges / count) * 2.5) };
}

async function findThings(bytes: Uint8Array): Promise<FoundThing[]> {
  await ready;
  things ??= loadThings();
  const model = await things;
  const { data } = await sharp(bytes, { limitInputPixels: 268_402_689 })
    .rotate()
    .resize(THING_INPUT, THING_INPUT, { fit: "fill" })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const input = tf.tensor4d(Float32Array.from(data), [1, THING_INPUT, THING_INPUT, 3]);
  const output = model.execute(input, ["tower_0/detections"]) as tf.Tensor3D;
  try {
    const [rows = []] = await output.array();
    return rows.flatMap(([x1 = 0, y1 = 0, x2 = 0, y2 = 0, score = 0, kind = -1]) =>
      score < 0.1
        ? []
        : [
            {
              kind,
              score,
              box: {
                left: x1 / THING_INPUT,
                top: y1 / THING_INPUT,
                width: (x2 - x1) / THING_INPUT,
                height: (y2 - y1) / THING_INPUT,
              },
            },
          ],
    );
  } finally {
    input.dispose();
    output.dispose();
  }
}

async function loadThings(): Promise<tf.GraphModel> {
  const folder = join(modules, "@vladmandic/human/models");
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, "centernet.json"), "utf8")) as {
    modelTopology: object;
    weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  };
  const weights = readFileSync(join(folder, "centernet.bin"));
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength);
  return tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap(({ weights: specs }) => specs),
      weightData,
    }),
  );
}

parentPort?.on("message", ({ id, wanted, bytes }: Ask) => {
  const work: Promise<FoundFace[] | FoundThing[]> = wanted === "faces" ? findFaces(bytes) : findThings(bytes);
  work.then(
    (found) => parentPort?.postMessage({ id, found } satisfies Reply),
    (error: unknown) =>
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Reply),
  );
});
