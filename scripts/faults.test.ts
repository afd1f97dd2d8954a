import { beforeAll, afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../local/console/testing/console-cloud.ts";
import { asRole } from "../local/core/principal.ts";
import { Misuse } from "./cli/command.ts";
import command from "./faults.ts";

const ROLE = asRole("arn:aws:iam::123456789012:role/parcels-TrackParcelRole-1", "TrackParcel");

describe("npm run faults", () => {
  let running: ConsoleCloud;
  beforeAll(async () => {
    running = await consoleCloud();
  });
  afterEach(() => running.cloud.faults.clear());
  afterAll(() => running[Symbol.asyncDispose]());

  /** What the command prints. */
  async function run(line: string, options: Record<string, string | boolean> = {}): Promise<string> {
    const printed: string[] = [];
    const spy = vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
    try {
      const endpoint = running.cloud.endpoint;
      await command.run({ words: line.split(" ").filter(Boolean), options: { endpoint, ...options } });
    } finally {
      spy.mockRestore();
    }
    return printed.join("\n");
  }

  it("lets calls of a function fail as often as said, and shows how many were hit", async () => {
    await run("add dynamodb ListTables", { error: "throttle", times: "2", role: "TrackParcel" });
    const call = () => running.cloud.faults.meet("dynamodb", "ListTables", ROLE, {});
    await expect(call()).rejects.toMatchObject({ name: "ProvisionedThroughputExceededException" });
    await expect(running.call("dynamodb", "ListTables", {})).resolves.toBeDefined();
    expect(await run("list")).toMatch(/dynamodb ListTables +throttled +TrackParcel +1 of 2/);
    await expect(call()).rejects.toThrow("level of configured");
    await expect(call()).resolves.toBeUndefined();
  });

  it("says all that a fault can be", async () => {
    const options = {
      error: "InternalFailure",
      message: "lost",
      status: "500",
      afterwards: true,
      latency: "1500",
      after: "1",
      rate: "0.1",
      matching: "NO1",
    };
    expect(JSON.parse(await run("add sqs", { ...options, json: true }))).toEqual([
      {
        id: expect.stringMatching(/^f\d+$/),
        hits: 0,
        service: "sqs",
        error: { name: "InternalFailure", message: "lost", status: 500 },
        afterwards: true,
        latencyMs: 1500,
        after: 1,
        rate: 0.1,
        matching: "NO1",
      },
    ]);
    expect(await run("list")).toContain(
      `1.5 s slower, InternalFailure after it was done, 10 % of them, after the first 1, if about "NO1"`,
    );
  });

  it("clears one, or all, and tells their hits", async () => {
    expect(await run("list")).toBe("Nothing fails on purpose.");
    for (const service of ["s3", "sns", "sqs"]) await run(`add ${service}`, { latency: "1" });
    const ids = running.cloud.faults.list().map(({ id }) => id);
    expect(await run(`clear ${ids[1]}`)).toContain("sns (any)");
    expect(running.cloud.faults.list().map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(await run("clear")).toMatch(/s3[^]*sqs/);
    expect(running.cloud.faults.list()).toEqual([]);
    expect(await run("clear")).toBe("There was nothing to clear.");
  });

  it.each<[string, Record<string, string | boolean>, RegExp]>([
    ["", {}, /Say add, list or clear/],
    ["remove f1", {}, /not remove/],
    ["list f1", {}, /list takes nothing/],
    ["clear f99", {}, /There is no fault f99/],
    ["add", {}, /takes a service/],
    ["add sqs SendMessage now", { error: "throttle" }, /one operation/],
    ["add queue", { error: "throttle" }, /no service queue\. Services: .*sqs/],
    ["add sqs Send", { error: "throttle" }, /no operation Send\. Operations: .*SendMessage/],
    ["add sqs", {}, /Say what should happen/],
    ["add sqs", { error: "throttle", rate: "2" }, /--rate/],
    ["add sqs", { error: "throttle", times: "0" }, /--times/],
    ["add sqs", { latency: "fast" }, /--latency/],
    ["add sqs", { error: "throttle", status: "500" }, /go with --error/],
    ["list", { endpoint: "127.0.0.1:4566" }, /--endpoint takes a URL/],
    [
      "list",
      { endpoint: "http://127.0.0.1:45999" },
      /There is no local cloud at http:\/\/127\.0\.0\.1:45999: npm start/,
    ],
  ])("says what is wrong with %j %j", async (line, options, message) => {
    const error = await run(line, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Misuse);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });
});
