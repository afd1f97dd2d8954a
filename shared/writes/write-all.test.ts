import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type BatchCall, chunksOf, EntriesLeft, type LeftOver, writeAll } from "./write-all.ts";

vi.mock("node:timers/promises", () => ({ setTimeout: pauses }));
const pauses = vi.hoisted(() => vi.fn<(milliseconds: number) => Promise<void>>(() => Promise.resolve()));

beforeEach(() => {
  pauses.mockClear();
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => vi.restoreAllMocks());

/** A service that takes every entry at its nth try only. */
function reluctant(tries: (entry: number) => number, code = "Busy") {
  const taken: number[] = [];
  const seen = new Map<number, number>();
  const calls: (readonly number[])[] = [];
  const call: BatchCall<number> = {
    most: 3,
    async send(entries) {
      calls.push(entries);
      await Promise.resolve();
      return entries.flatMap((entry): LeftOver<number>[] => {
        const times = (seen.get(entry) ?? 0) + 1;
        seen.set(entry, times);
        if (times < tries(entry)) return [{ entry, code }];
        taken.push(entry);
        return [];
      });
    },
  };
  return { taken, calls, call };
}

describe("writing in batches", () => {
  it("makes as few calls as the limit allows", async () => {
    const { calls, call } = reluctant(() => 1);
    await writeAll([1, 2, 3, 4, 5, 6, 7], call);
    expect(calls).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it("makes none for nothing", async () => {
    const { calls, call } = reluctant(() => 1);
    await writeAll([], call);
    expect(calls).toEqual([]);
  });

  it("sends again only what was left over, packed anew, with growing pauses", async () => {
    const { taken, calls, call } = reluctant((entry) => (entry % 2 === 0 ? 3 : 1));
    await writeAll([1, 2, 3, 4, 5, 6], call);
    expect(calls).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [2, 4, 6],
      [2, 4, 6],
    ]);
    expect(taken).toEqual([1, 3, 5, 2, 4, 6]);
    expect(pauses.mock.calls).toEqual([[100], [200]]);
  });

  it("gives up after eight tries and says what was left, of how many, and why", async () => {
    const { taken, calls, call } = reluctant((entry) => (entry === 2 ? Infinity : 1), "SlowDown");
    const error: unknown = await writeAll([1, 2, 3], call).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(EntriesLeft);
    expect(error).toMatchObject({
      retryable: true,
      message: "1 of 3 entries were not taken: SlowDown",
      fields: { left: 1, of: 3 },
    });
    expect(taken).toEqual([1, 3]);
    expect(calls).toHaveLength(8);
    expect(Math.max(...pauses.mock.calls.map(([pause]) => pause))).toBeLessThanOrEqual(5_000);
  });

  it("does not send again what can never be taken, and still sends the rest", async () => {
    const sent: number[] = [];
    const call: BatchCall<number> = {
      most: 2,
      async send(entries) {
        await Promise.resolve();
        sent.push(...entries);
        return entries.filter((entry) => entry < 0).map((entry) => ({ entry, code: "AccessDenied", isFinal: true }));
      },
    };
    await expect(writeAll([1, -2, 3, -4, 5], call)).rejects.toThrow("2 of 5 entries were not taken: AccessDenied");
    expect(sent).toEqual([1, -2, 3, -4, 5]);
  });

  it("lets an error of the call itself pass", async () => {
    const error = new Error("AccessDenied");
    await expect(writeAll([1], { most: 1, send: () => Promise.reject(error) })).rejects.toBe(error);
  });
});

describe("packing", () => {
  it("keeps every entry in order, within both limits unless one entry alone is beyond", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 60 }),
        (entries, most, mostBytes) => {
          const chunks = [...chunksOf(entries, { most, mostBytes, bytesOf: (bytes) => bytes })];
          expect(chunks.flat()).toEqual(entries);
          for (const chunk of chunks) {
            expect(chunk.length).toBeGreaterThan(0);
            expect(chunk.length).toBeLessThanOrEqual(most);
            const bytes = chunk.reduce((sum, entry) => sum + entry, 0);
            expect(bytes <= mostBytes || chunk.length === 1).toBe(true);
          }
        },
      ),
    );
  });
});
