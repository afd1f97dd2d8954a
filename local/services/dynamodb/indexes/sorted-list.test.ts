import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedList } from "./sorted-list.ts";

const listOf = (values: Iterable<number>) => {
  const list = new SortedList<number>((a, b) => a - b);
  for (const value of values) list.add(value);
  return list;
};
const all = () => false;

describe("a sorted list", () => {
  it("holds what a sorted set would hold after any additions and removals", () => {
    const steps = fc.array(fc.record({ value: fc.integer({ min: 0, max: 60 }), add: fc.boolean() }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: -1, max: 61 }), (steps, bound) => {
        const list = listOf([]);
        const model = new Set<number>();
        const removals: [boolean, boolean][] = [];
        for (const { value, add } of steps) {
          if (add) {
            list.add(value);
            model.add(value);
          } else removals.push([list.remove(value), model.delete(value)]);
        }
        for (const [was, should] of removals) expect(was).toBe(should);
        const sorted = [...model].sort((a, b) => a - b);
        expect([...list.upwards(all)]).toEqual(sorted);
        expect([...list.downwards(all)]).toEqual(sorted.toReversed());
        expect(list.size).toBe(sorted.length);
        expect(list.first()).toBe(sorted[0]);
        expect([...list.upwards((value) => value < bound)]).toEqual(sorted.filter((value) => value >= bound));
        expect([...list.downwards((value) => value > bound)]).toEqual(
          sorted.filter((value) => value <= bound).toReversed(),
        );
      }),
    );
  });

  it("stays in order across many chunks, in whatever order values come", () => {
    const values = Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 20_000);
    const list = listOf(values);
    for (const value of values) if (value % 3 === 0) list.remove(value);
    const kept = values.filter((value) => value % 3 !== 0).sort((a, b) => a - b);
    expect([...list.upwards(all)]).toEqual(kept);
    expect([...list.upwards((value) => value < 12_345)][0]).toBe(12_346);
    expect([...list.downwards((value) => value > 12_345)][0]).toBe(12_344);
    for (const value of kept) list.remove(value);
    expect([list.size, list.first(), [...list.upwards(all)]]).toEqual([0, undefined, []]);
  });
});
