/** A process that is killed has lost nothing that it acknowledged. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seededRandom } from "./core/random.ts";
import { openStorage } from "./storage/index.ts";
import { PutOnBus, Published } from "./testing/durability/events.ts";
import { Executions } from "./testing/durability/executions.ts";
import { Items } from "./testing/durability/items.ts";
import { type KillableCloud, startKillable } from "./testing/durability/killable-cloud.ts";
import { COMPACT_BYTES, KEYS, TEXT, type Written } from "./testing/durability/killable-storage.ts";
import { Messages } from "./testing/durability/messages.ts";
import { Objects } from "./testing/durability/objects.ts";
import type { Witness } from "./testing/durability/witness.ts";

const ROUNDS = 20;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "durability-"))));
let cloud: KillableCloud | undefined;
afterEach(async () => {
  await cloud?.kill();
  cloud = undefined;
  rmSync(folder, { recursive: true });
});

it("a cloud killed twenty times under load has everything that it acknowledged", { timeout: 300_000 }, async () => {
  const random = seededRandom(20);
  const witnesses: Record<string, Witness> = {
    items: new Items(),
    objects: new Objects("a"),
    "objects beside them": new Objects("b"),
    messages: new Messages(),
    executions: new Executions(),
    published: new Published("from-topic"),
    "put on a bus": new PutOnBus("from-bus"),
  };
  const wrong: string[] = [];
  const note = async (stage: string, look: (witness: Witness) => Promise<readonly string[]> | undefined) => {
    for (const [name, witness] of Object.entries(witnesses))
      for (const line of (await look(witness)) ?? []) wrong.push(`${stage}, ${name}: ${line}`);
  };
  let running = await startKillable(folder);
  cloud = running;
  for (const witness of Object.values(witnesses)) await witness.setUp(running);
  for (let round = 1; round <= ROUNDS; round++) {
    const loads = Object.values(witnesses).map((witness) => witness.load(running, round));
    await Promise.race([pause(150 + random() * 400), Promise.all(loads)]);
    await running.kill();
    await Promise.all(loads);
    cloud = running = await startKillable(folder);
    await note(`after kill ${round}`, (witness) => witness.look?.(running));
    expect(wrong).toEqual([]);
  }
  await note("in the end", (witness) => witness.conclude?.(running));
  expect(wrong).toEqual([]);
  const idle = Object.entries(witnesses).filter(([, { acknowledged }]) => acknowledged < ROUNDS * 2);
  expect(idle).toEqual([]);
});

it(
  "a journal whose writer is killed while it is being rewritten has every change, whole",
  { timeout: 120_000 },
  async () => {
    const random = seededRandom(4);
    const program = join(import.meta.dirname, "testing/durability/killable-storage.ts");
    let last = -1;
    for (let round = 0; round < ROUNDS; round++) {
      const child = spawn(process.execPath, [program, folder], { stdio: ["ignore", "pipe", "inherit"] });
      const exited = once(child, "exit");
      let told = "";
      child.stdout.on("data", (chunk: Buffer) => void (told += chunk.toString()));
      await once(child.stdout, "data");
      await pause(random() * 100);
      child.kill("SIGKILL");
      await exited;
      const acknowledged = Number(told.slice(0, told.lastIndexOf("\n")).split("\n").at(-1));
      expect(acknowledged).toBeGreaterThan(last);
      last = acknowledged;
      const storage = openStorage(folder, { compactBytes: COMPACT_BYTES });
      const left = storage.map<Written>("test.left");
      expect(Math.max(...storage.map<number>("test.right").values())).toBeGreaterThanOrEqual(acknowledged);
      for (const [key, number] of storage.map<number>("test.right").entries()) {
        expect(left.get(key)).toMatchObject({ number, text: TEXT });
        expect(storage.blobs.read(left.get(key)?.blob ?? "").toString()).toBe(String(number));
        expect(number).toBeGreaterThan(acknowledged - KEYS);
      }
      storage.close();
    }
  },
);
