import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Version } from "../picture/picture-event.ts";
import { agree, type Keeper, type Made, type Standing } from "./agree.ts";

/** A bucket and a table in memory, with every call taking its time in an order that the test chooses. */
class World {
  standing: Standing | undefined;
  kept: Made | undefined;
  made = 0;
  #writes = 0;

  note(standing: Standing): void {
    if (this.standing === undefined || this.standing.order < standing.order) this.standing = standing;
  }

  keeper(pause: () => Promise<void>): Keeper {
    const changes = async (seen: Made | undefined, next: Made | undefined) => {
      await pause();
      if (this.kept?.eTag === seen?.eTag) this.kept = next;
      await pause();
    };
    return {
      standing: async () => {
        await pause();
        return this.standing;
      },
      made: async () => {
        await pause();
        return this.kept;
      },
      make: async (order, { eTag: sourceETag }, seen) => {
        this.made++;
        await changes(seen, { order, sourceETag, recipe: "r", eTag: `${++this.#writes}` });
        return "done";
      },
      remove: (seen) => changes(seen, undefined),
    };
  }
}

const at = (order: number, version?: Version): Standing => ({ order: String(order).padStart(3, "0"), version });
const stored = (order: number): Standing => at(order, { versionId: `v${order}`, eTag: `e${order}` });
const now = () => Promise.resolve();

describe("a resolution", () => {
  it("is made once, however often its event comes", async () => {
    const world = new World();
    for (const expected of ["made", "as it should be", "as it should be"]) {
      world.note(stored(1));
      expect(await agree(world.keeper(now))).toBe(expected);
    }
    expect(world.made).toBe(1);
  });

  it("is not made when the removal was known first", async () => {
    const world = new World();
    for (const standing of [at(2), stored(1)]) {
      world.note(standing);
      expect(await agree(world.keeper(now))).toBe("as it should be");
    }
    expect(world.kept).toBeUndefined();
  });

  it("is removed by its own late event, when a function died between its write and its last look", async () => {
    const world = new World();
    world.note(at(2));
    world.kept = { order: "001", sourceETag: "e1", recipe: "r", eTag: "left behind" };
    world.note(stored(1));
    expect(await agree(world.keeper(now))).toBe("removed");
    expect(world.kept).toBeUndefined();
  });

  it("is given up for a while when it never comes to rest", async () => {
    const world = new World();
    const keeper = world.keeper(now);
    let order = 0;
    const standing = async () => stored(++order);
    await expect(agree({ ...keeper, standing })).rejects.toMatchObject({ name: "PictureBusy", retryable: true });
  });

  it("agrees with the latest event, whatever their order, at the same time, some twice, and with deaths in between", async () => {
    // The same bytes come again, too. An event without a death in its way comes once, so nobody else puts right what it left.
    const events = fc.array(
      fc.record({
        eTag: fc.option(fc.constantFrom("red", "blue"), { nil: undefined }),
        deathAfter: fc.option(fc.nat(12), { nil: Infinity, freq: 2 }),
        isTwice: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), events, async (scheduler, happened) => {
        const world = new World();
        const handle = async (standing: Standing, steps = Infinity) => {
          let left = steps;
          const pause = async () => {
            await scheduler.schedule(Promise.resolve());
            if (left-- === 0) throw new Error("The function died");
          };
          await pause();
          world.note(standing);
          const keeper = world.keeper(pause);
          // Who works on removals cannot make anything.
          const make = standing.version ? keeper.make : () => Promise.resolve("source gone" as const);
          await agree({ ...keeper, make });
        };
        // Who dies, or gives up after ten tries, is delivered again.
        const again = (standing: Standing) => (): Promise<void> => handle(standing).catch(again(standing));
        const deliveries = happened.flatMap(({ eTag, deathAfter, isTwice }, index) => {
          const standing = at(index, eTag === undefined ? undefined : { versionId: `v${index}`, eTag });
          const first = handle(standing, deathAfter).catch(again(standing));
          return isTwice ? [first, handle(standing).catch(again(standing))] : [first];
        });
        await scheduler.waitFor(Promise.all(deliveries));
        expect(world.kept?.sourceETag).toBe(happened.at(-1)?.eTag);
      }),
      { numRuns: 1_000 },
    );
  });
});
