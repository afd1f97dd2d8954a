/**
 * Lines removed from a file of 1 GB: streamed, as data-erasure does it, against reading it whole. Each in a process of its own, whose
 * peak memory the system tells.
 */
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const MEGABYTE = 1_000_000;
const EVERY = 1_000;

export interface Removal {
  readonly method: "streamed" | "read whole";
  readonly megabytes: number;
  /** Undefined where it could not be done. */
  readonly perSecond: number | undefined;
  readonly peakMegabytes: number;
  readonly error?: string;
}

/** Every thousandth line goes. */
async function streamed(from: string, to: string): Promise<void> {
  const { editRows, NDJSON } = await import("../../apps/data-erasure/src/formats/edit-rows.ts");
  const source = createReadStream(from, { highWaterMark: MEGABYTE }) as AsyncIterable<Buffer>; // no encoding is set
  const rows = editRows(source, NDJSON, (row) => (row % EVERY === 0 ? "blank" : "keep"));
  await pipeline(Readable.from(rows, { objectMode: false }), createWriteStream(to, { highWaterMark: MEGABYTE }));
}

async function readWhole(from: string, to: string): Promise<void> {
  const lines = (await readFile(from, "utf8")).split("\n");
  await writeFile(to, lines.map((line, row) => (row % EVERY === 0 && line !== "" ? "{}" : line)).join("\n"));
}

const METHODS = { streamed, "read whole": readWhole } as const;

async function writeSample(path: string, megabytes: number): Promise<void> {
  const file = await open(path, "w");
  let block = "";
  for (let user = 0; block.length < MEGABYTE; user += 1)
    block += `${JSON.stringify({ user_id: user % 997, shop: "Oslo", basket: ["skis", "wax"], total: 1_234 })}\n`;
  const bytes = Buffer.from(block);
  for (let written = 0; written < megabytes * MEGABYTE; written += bytes.length) await file.write(bytes);
  await file.close();
}

/** Reading 1 GB whole fails, as a string of V8 has at most 512 MB; so there is a size at which both can be compared. */
const SIZES = [400, 1_000] as const;

export async function measureLineRemoval(): Promise<readonly Removal[]> {
  const folder = await mkdtemp(join(tmpdir(), "line-removal-"));
  try {
    const from = join(folder, "in.ndjson");
    const figures: Removal[] = [];
    for (const megabytes of SIZES) {
      await writeSample(from, megabytes);
      for (const method of Object.keys(METHODS) as Removal["method"][])
        figures.push(measured(method, megabytes, from, join(folder, "out.ndjson")));
    }
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the child told in its last line. */
interface Told {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly error?: string;
}

function measured(method: Removal["method"], megabytes: number, from: string, to: string): Removal {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=4096", import.meta.filename, method, from, to],
    { encoding: "utf8" },
  );
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{"))
    return { method, megabytes, perSecond: undefined, peakMegabytes: Number.NaN, error: reasonIn(stderr) };
  const { seconds, peakMegabytes, error } = JSON.parse(line) as Told;
  if (error !== undefined) return { method, megabytes, perSecond: undefined, peakMegabytes, error };
  return { method, megabytes, perSecond: megabytes / seconds, peakMegabytes };
}

const reasonIn = (stderr: string): string => /FATAL ERROR: .*|Error: .*/.exec(stderr)?.[0] ?? "ended without a word";

/** In the child: `node line-removal.ts <method> <from> <to>`. */
const [method, from, to] = process.argv.slice(2);
if (import.meta.main && method !== undefined && method in METHODS && from !== undefined && to && existsSync(from)) {
  const began = performance.now();
  let error: string | undefined;
  try {
    await METHODS[method as Removal["method"]](from, to);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const seconds = (performance.now() - began) / 1_000;
  // maxRSS is in kilobytes on every system (process.resourceUsage).
  const peakMegabytes = process.resourceUsage().maxRSS / 1_000;
  console.log(JSON.stringify({ seconds, peakMegabytes, ...(error === undefined ? {} : { error }) }));
}
