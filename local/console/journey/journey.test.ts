import { describe, expect, it } from "vitest";
import type { Hop } from "./hop.ts";
import { journeyOf } from "./journey.ts";

let order = 0;
const hop = (more: Partial<Hop>): Hop => ({
  order: ++order,
  kind: "call",
  at: order,
  service: "sqs",
  operation: "SendMessage",
  by: "account",
  via: undefined,
  trace: undefined,
  requestId: `r${order}`,
  target: { kind: "queue", name: "q" },
  says: undefined,
  content: "",
  mentions: new Set(),
  produces: [],
  endedAt: order,
  error: undefined,
  status: undefined,
  ...more,
});
/** A function that took a batch of messages, and what it sent on. */
const run = (name: string, trace: string, mentions: readonly string[], at: number): Hop =>
  hop({
    kind: "run",
    operation: "run",
    target: { kind: "function", name },
    trace,
    mentions: new Set(mentions),
    at,
    endedAt: at + 5,
  });
const told = (hops: readonly Hop[], id: string) =>
  journeyOf(hops, id).steps.map(
    ({ hop: { operation, produces, target }, depth }) => `${depth} ${operation} ${produces[0] ?? target.name}`,
  );

describe("a journey", () => {
  const one = hop({ produces: ["m1"], at: 1 });
  const two = hop({ produces: ["m2"], at: 1 });
  const sent = hop({ produces: ["m3"], by: "f", trace: "t", at: 12 });
  const batch = run("f", "t", ["m1", "m2"], 10);
  const end = run("g", "t2", ["m3"], 20);
  const all = [one, two, sent, batch, end];

  it("goes on through a batch, without what else was in it", () => {
    expect(told(all, "m1")).toEqual(["0 SendMessage m1", "1 run f", "2 SendMessage m3", "3 run g"]);
  });

  it("leads back through the batch to all that may have caused it", () => {
    expect(told(all, "m3").toSorted()).toEqual(
      ["0 SendMessage m1", "0 SendMessage m2", "1 run f", "2 SendMessage m3", "3 run g"].toSorted(),
    );
  });

  it("ends where ids go round in a circle", () => {
    const a = hop({ produces: ["a"], mentions: new Set(["b"]) });
    const b = hop({ produces: ["b"], mentions: new Set(["a"]) });
    expect(told([a, b], "a")).toEqual(["0 SendMessage a", "1 SendMessage b"]);
  });

  it("of thousands of steps on one trace is told in a blink", () => {
    const many = Array.from({ length: 2_000 }, (_, i) => [
      hop({ kind: "detail", service: "dynamodb", operation: "GetItem", by: "f", trace: "big", at: 100 + i }),
      run("f", "big", [], 100 + i),
    ]).flat();
    const began = performance.now();
    const { steps, isCut } = journeyOf(many, "big");
    expect([steps.length, isCut]).toEqual([400, true]);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
