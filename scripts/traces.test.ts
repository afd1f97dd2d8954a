import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../local/console/testing/console-cloud.ts";
import { sampleTrace, TRACE_ID } from "../local/console/testing/sample-trace.ts";
import { Misuse } from "./cli/command.ts";
import command from "./traces.ts";

describe("npm run traces", () => {
  let running: ConsoleCloud;
  beforeAll(async () => {
    running = await consoleCloud({ traces: true });
    await sampleTrace(running);
  });
  afterAll(() => running[Symbol.asyncDispose]());

  /** What the command prints, and its exit code. */
  async function run(words: string[], options: Record<string, string | boolean> = {}): Promise<[string, number]> {
    const printed: string[] = [];
    const keep = (text: string): void => void printed.push(text);
    const spies = [
      vi.spyOn(console, "log").mockImplementation(keep),
      vi.spyOn(console, "error").mockImplementation(keep),
    ];
    try {
      const endpoint = running.cloud.endpoint;
      const code = await command.run({ words, options: { endpoint, ...options } });
      return [printed.join("\n"), code];
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  }

  it("lists the latest, as a table and as JSON", async () => {
    const [text, code] = await run([]);
    expect(code).toBe(0);
    expect(text).toMatch(new RegExp(`${TRACE_ID} +12:00:00 +500 ms +4 +fault +shop/Prod POST 202`));
    const [json] = await run([], { json: true });
    expect(JSON.parse(json)).toMatchObject({ traces: [{ Id: TRACE_ID, HasFault: true }] });
  });

  it("lists those that an expression names", async () => {
    expect(await run([], { filter: "duration > 1" })).toEqual(["no traces in the last 6 hours", 0]);
    expect((await run([], { filter: "fault" }))[0]).toContain(TRACE_ID);
  });

  it("draws one: who called whom, when, and what failed", async () => {
    const [text] = await run([TRACE_ID]);
    expect(text).toContain(
      "client\n└─ shop/Prod (ApiGateway::Stage)  1 call, 100 ms each\n   └─ webhook (Lambda::Function)",
    );
    expect(text).toMatch(/✗ +<img .*▇+ +100 ms\n +TypeError: no such order/);
    const [json] = await run([TRACE_ID], { json: true });
    expect(JSON.parse(json)).toMatchObject({ traceId: TRACE_ID, durationMs: 500, services: expect.any(Array) });
  });

  it("says that there is no such trace", async () => {
    const id = TRACE_ID.replace("0123", "ffff");
    expect(await run([id])).toEqual([`There is no trace ${id}`, 1]);
  });

  it.each([
    [["nonsense"], {}, /is no trace id/],
    [[TRACE_ID, TRACE_ID], {}, /Name one trace/],
    [[], { filter: "weather" }, /unknown keyword weather/],
    [[], { hours: "25" }, /--hours takes a whole number from 1 to 24/],
    [[], { endpoint: "here" }, /--endpoint takes a URL/],
    [[], { endpoint: "http://127.0.0.1:1" }, /There is no local cloud/],
  ])("refuses %j %j", async (words, options, message) => {
    const failure = await run(words, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Misuse);
    expect((failure as Misuse).message).toMatch(message);
  });
});
