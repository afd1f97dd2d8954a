import type { Service } from "@aws-sdk/client-xray";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapText, timelineText, timeOf } from "./text.ts";
import { timelineOf } from "./timeline.ts";

const TRACE = "1-70000000-0123456789abcdef01234567";
const id = (number: number) => number.toString(16).padStart(16, "0");
const part = (number: number, start: number, end: number, fields: object = {}) => ({
  id: id(number),
  name: `n${number}`,
  start_time: 1_000 + start,
  end_time: 1_000 + end,
  ...fields,
});
const told = (...parts: readonly object[]) =>
  timelineOf(
    TRACE,
    parts.map((fields) => JSON.stringify({ trace_id: TRACE, ...fields })),
  );

describe("the timeline of a trace", () => {
  it("has every part below what called it, by time", () => {
    const { rows, durationMs } = told(
      part(4, 0.2, 0.4, {
        parent_id: id(3),
        origin: "AWS::Events",
        fault: true,
        cause: { exceptions: [{ type: "E", message: "m" }] },
      }),
      part(1, 0, 0.5, {
        origin: "AWS::Lambda",
        subsegments: [part(3, 0.1, 0.2, { namespace: "aws" }), part(2, 0, 0.1)],
      }),
      part(5, 0.3, 0.4, { parent_id: id(2), type: "subsegment", error: true }),
    );
    expect(durationMs).toBe(500);
    expect(
      rows.map(({ depth, name, kind, startMs, durationMs: own, outcome }) => [
        depth,
        name,
        kind,
        startMs,
        own,
        outcome,
      ]),
    ).toEqual([
      [0, "n1", "AWS::Lambda", 0, 500, "ok"],
      [1, "n2", "", 0, 100, "ok"],
      [2, "n5", "", 300, 100, "error"],
      [1, "n3", "aws", 100, 100, "ok"],
      [2, "n4", "AWS::Events", 200, 200, "fault"],
    ]);
    expect(rows.at(-1)?.reason).toBe("E: m");
  });

  it("bears parents that are not there, and circles of them", () => {
    const rows = told(
      part(1, 0, 1, { parent_id: id(9) }),
      part(2, 0, 1, { parent_id: id(3) }),
      part(3, 0, 1, { parent_id: id(2) }),
    ).rows;
    expect(rows.map(({ name }) => name).sort()).toEqual(["n1", "n2", "n3"]);
  });

  it("is drawn within the width, each part with its bar", () => {
    const time = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 70, max: 200 }),
        (spans, width) => {
          const timeline = told(...spans.map(([start, length], index) => part(index + 1, start, start + length)));
          const lines = timelineText(timeline, { width });
          expect(lines).toHaveLength(spans.length);
          for (const line of lines) expect([line.length <= width, /[▇╷]/.test(line)]).toEqual([true, true]);
        },
      ),
    );
  });

  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1_000, "1.00 s"],
    [90_000, "1.5 min"],
  ])("%i milliseconds are %s", (ms, text) => expect(timeOf(ms)).toBe(text));
});

describe("the service map", () => {
  const statistics = (TotalCount: number, faults = 0) => ({
    TotalCount,
    TotalResponseTime: 0.02,
    FaultStatistics: { TotalCount: faults },
  });
  const service = (ReferenceId: number, Name: string, to: readonly number[] = [], faults = 0): Service => ({
    ReferenceId,
    Name,
    Type: "AWS::X",
    Edges: to.map((reference) => ({ ReferenceId: reference, SummaryStatistics: statistics(2, faults) })),
  });

  it("is a tree from the client on, services that several call once", () => {
    const services = [
      { ReferenceId: 0, Type: "client", Edges: [{ ReferenceId: 1, SummaryStatistics: statistics(1) }] },
      service(1, "a", [2, 3]),
      service(2, "b", [3], 1),
      service(3, "c", [4]),
      service(4, "d"),
    ];
    expect(mapText(services, { width: 80 })).toEqual([
      "client",
      "└─ a (X)  1 call, 20 ms each",
      "   ├─ b (X)  2 calls, 10 ms each",
      "   │  └─ c (X)  2 calls, 10 ms each, 1 faults",
      "   │     └─ d (X)  2 calls, 10 ms each",
      "   └─ c (X)  2 calls, 10 ms each, see above",
    ]);
  });

  it("ends where services call each other in a circle", () => {
    expect(mapText([service(0, "a", [1]), service(1, "b", [0])], { width: 80 })).toHaveLength(3);
  });
});
