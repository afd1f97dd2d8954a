import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";
import { HOSTILE_NAME, sampleTrace, TRACE_ID } from "../testing/sample-trace.ts";

let cloud: ConsoleCloud;
beforeAll(async () => {
  cloud = await consoleCloud({ traces: true });
  await sampleTrace(cloud);
});
afterAll(() => cloud[Symbol.asyncDispose]());

describe("GET /traces", () => {
  it("lists the latest with what came in and how it went", async () => {
    expect(await cloud.get("/traces")).toEqual({
      isCollecting: true,
      traces: [
        {
          id: TRACE_ID,
          at: cloud.cloud.clock.now(),
          durationMs: 500,
          nodes: 4,
          outcome: "fault",
          entry: "shop/Prod",
          method: "POST",
          status: 202,
        },
      ],
    });
  });

  it("takes filters, and says what is wrong with one", async () => {
    expect(await cloud.get("/traces", { filter: "duration > 1" })).toMatchObject({ traces: [] });
    expect((await cloud.get<{ traces: unknown[] }>("/traces", { filter: "fault" })).traces).toHaveLength(1);
    await expect(cloud.get("/traces", { filter: "weather" })).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it("says when this cloud collects none", async () => {
    await using other = await consoleCloud();
    expect(await other.get("/traces")).toEqual({ isCollecting: false, traces: [] });
  });
});

describe("GET /trace", () => {
  it("answers the map and the timeline", async () => {
    const trace = await cloud.get<Record<string, unknown>>("/trace", { id: TRACE_ID });
    expect(trace).toMatchObject({
      durationMs: 500,
      summaries: [
        { name: "shop/Prod", outcome: "succeeded", visits: 1 },
        { name: "webhook", outcome: "succeeded", visits: 1 },
        { name: "Events", outcome: "succeeded", visits: 1 },
        { name: HOSTILE_NAME, outcome: "failed", visits: 2 },
      ],
      steps: { " start → shop/Prod": 1, "webhook → Events": 1, [`Events → ${HOSTILE_NAME}`]: 2 },
    });
    const rows = (trace["rows"] as { name: string; node: string; depth: number; reason?: string }[]).map(
      ({ name, node, depth, reason }) => [depth, name, node, reason],
    );
    expect(rows).toEqual([
      [0, "shop/Prod", "shop/Prod", undefined],
      [1, "webhook", "webhook", undefined],
      [2, "EventBridge", "webhook", undefined],
      [3, "Events", "Events", undefined],
      [4, HOSTILE_NAME, HOSTILE_NAME, "TypeError: no such order"],
      [4, HOSTILE_NAME, HOSTILE_NAME, undefined],
    ]);
    const { states, width, height } = trace["drawing"] as {
      states: { id: string; y: number }[];
      width: number;
      height: number;
    };
    expect([width > 0, height > 0, states.map(({ id }) => id)]).toEqual([
      true,
      true,
      expect.arrayContaining([" start", "shop/Prod", "webhook", "Events", HOSTILE_NAME]),
    ]);
  });

  it.each([
    ["", 400],
    ["nonsense", 400],
    ["1-70e46a40-ffffffffffffffffffffffff", 404],
  ])("refuses the id '%s'", async (id, status) => {
    await expect(cloud.get("/trace", { id })).rejects.toMatchObject({ status });
  });
});
