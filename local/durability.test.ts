/** A process that is killed has lost nothing that it acknowledged. */
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
import { startProcess } from "./testing/durability/killable-process.ts";
import { COMPACT_BYTES, KEYS, TEXT, type Written } from "./testing/durability/killable-storage.ts";
import { Messages } from "./testing/durability/messages.ts";
import { Objects } from "./testing/durability/objects.ts";
import { holdsWithin, type Witness } from "./testing/durability/witness.ts";

const ROUNDS = 20;
/** What each witness gets done in a round, before the cloud is killed at some moment. */
const AT_LEAST = 2;
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
    const goals = Object.values(witnesses).map((witness) => ({ witness, goal: witness.acknowledged + AT_LEAST }));
    const loads = Object.values(witnesses).map((witness) => witness.load(running, round));
    const underway = holdsWithin(10_000, async () => goals.every(({ witness, goal }) => witness.acknowledged >= goal));
    await Promise.race([underway.then(() => pause(random() * 100)), Promise.all(loads)]);
    await running.kill();
    await Promise.all(loads);
    cloud = running = await startKillable(folder);
    await note(`after kill ${round}`, (witness) => witness.look?.(running));
    expect(wrong).toEqual([]);
  }
  await note("in the end", (witness) => witness.conclude?.(running));
  expect(wrong).toEqual([]);
  const idle = Object.entries(witnesses).filter(([, { acknowledged }]) => acknowledged < ROUNDS * AT_LEAST);
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
      const child = startProcess(program, folder);
      let told = "";
      child.stdout.on("data", (chunk: Buffer) => void (told += chunk.toString()));
      await once(child.stdout, "data");
      await pause(random() * 100);
      await child.kill();
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
