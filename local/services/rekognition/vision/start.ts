/** Starts the worker thread that looks at pictures, on first use: it takes a quarter of a second and 400 MB. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { ServiceError } from "../../../core/errors.ts";
import type { Ask, FoundFace, FoundThing, Reply } from "./messages.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
const PACKAGES = [
  "@vladmandic/face-api",
  "@vladmandic/human",
  "@tensorflow/tfjs-core",
  "@tensorflow/tfjs-converter",
  "@tensorflow/tfjs-backend-wasm",
  "sharp",
  "esbuild",
];

export interface Vision {
  faces(bytes: Uint8Array): Promise<readonly FoundFace[]>;
  things(bytes: Uint8Array): Promise<readonly FoundThing[]>;
}

type Asked = { readonly resolve: (found: never) => void; readonly reject: (error: Error) => void };

let shared: Vision | undefined;

/**
 * One worker for all clouds of this process, since it is slow to start; it does not keep the process alive. What it found on the latest
 * pictures is remembered: the models find the same every time.
 */
export function vision(): Vision {
  return (shared ??= remembering(createVision()));
}

const MOST_REMEMBERED = 200;

function remembering(vision: Vision): Vision {
  const known = new Map<string, Promise<never>>();
  const look =
    (wanted: Ask["wanted"]) =>
    (bytes: Uint8Array): Promise<never> => {
      const key = `${wanted} ${createHash("sha256").update(bytes).digest("base64")}`;
      const before = known.get(key);
      if (before) return before;
      // The types belong to what is wanted.
      const found = vision[wanted](bytes) as Promise<never>;
      known.set(key, found);
      found.catch(() => known.delete(key));
      const oldest = known.keys().next().value;
      if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
      return found;
    };
  return { faces: look("faces"), things: look("things") };
}

function createVision(): Vision {
  let starting: Promise<Worker> | undefined;
  let next = 0;
  const asked = new Map<number, Asked>();

  const fail = (error: Error) => {
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
    starting = undefined;
  };

  async function start(): Promise<Worker> {
    const modules = modulesFolder();
    const worker = new Worker(await program(), { workerData: { modules }, execArgv: [] });
    worker.unref();
    worker.on("error", fail);
    worker.on("exit", (code) => {
      if (asked.size > 0) fail(new Error(`The detector ended with code ${code}`));
    });
    worker.on("message", ({ id, found, error }: Reply) => {
      const question = asked.get(id);
      asked.delete(id);
      if (asked.size === 0) worker.unref();
      if (error === undefined) question?.resolve(found as never);
      else question?.reject(new Error(error));
    });
    return worker;
  }

  async function ask(wanted: Ask["wanted"], bytes: Uint8Array): Promise<never> {
    const worker = await (starting ??= start());
    const id = next++;
    return new Promise((resolveFound, reject) => {
      asked.set(id, { resolve: resolveFound, reject });
      worker.ref();
      worker.postMessage({ id, wanted, bytes } satisfies Ask);
    });
  }

  return {
    faces: (bytes) => ask("faces", bytes),
    things: (bytes) => ask("things", bytes),
  };
}

/** Where the detector's packages are. Throws NotImplemented, naming the package that is not installed. */
function modulesFolder(): string {
  const require = createRequire(import.meta.url);
  for (const name of PACKAGES) {
    if (!existsSync(join(ROOT, "node_modules", name)) && !isResolvable(require, name)) {
      throw new ServiceError(
        "NotImplemented",
        `The local cloud looks at pictures with the package ${name}, which is not installed`,
        { status: 501 },
      );
    }
  }
  return join(ROOT, "node_modules");
}

function isResolvable(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** The worker's program as one bundle, made once for a version of its sources and of esbuild. */
async function program(): Promise<string> {
  const { build, version } = await import("esbuild");
  const sources = ["program.ts", "tensorflow.ts"].map((file) => readFileSync(join(import.meta.dirname, file)));
  const hash = createHash("sha256").update(version);
  for (const source of sources) hash.update(source);
  const file = join(ROOT, ".local", "rekognition", `${hash.digest("hex").slice(0, 16)}.mjs`);
  if (existsSync(file)) return file;
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.mjs`;
  await build({
    entryPoints: [join(import.meta.dirname, "program.ts")],
    outfile: fresh,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["sharp"],
    alias: { "@tensorflow/tfjs": join(import.meta.dirname, "tensorflow.ts") },
    // TensorFlow's packages name an ES module build, which shares one engine; CommonJS parts of others ask for `require`.
    mainFields: ["module", "main"],
    banner: {
      js: "import { createRequire as __bundleCreateRequire } from 'node:module'; const require = __bundleCreateRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
    },
    logLevel: "silent",
  });
  // Whoever comes first wins; all have built the same.
  renameSync(fresh, file);
  return file;
}
