import { describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

interface Execution {
  readonly status: string;
  readonly states: readonly { name: string; outcome: string; visits: number; retries: number }[];
  readonly steps: Readonly<Record<string, number>>;
  readonly drawing: { readonly states: readonly { id: string }[] };
  readonly input: { text: string; cut: number };
  readonly output?: { text: string; cut: number };
}

const pass = (next?: string) => ({ Type: "Pass", ...(next === undefined ? { End: true } : { Next: next }) });

async function machine(
  it: ConsoleCloud,
  definition: unknown,
  type: "STANDARD" | "EXPRESS" = "STANDARD",
): Promise<string> {
  await it.call("iam", "CreateRole", {
    RoleName: "runs",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
    }),
  });
  const { stateMachineArn } = await it.call("states", "CreateStateMachine", {
    name: "orders",
    type,
    definition: JSON.stringify(definition),
    roleArn: `arn:aws:iam::${it.cloud.accountId}:role/runs`,
  });
  return stateMachineArn ?? "";
}

const start = async (it: ConsoleCloud, arn: string, input: unknown = {}, name?: string): Promise<string> =>
  (await it.post<{ arn: string }>("/machine/start", { arn, input: JSON.stringify(input), name })).arn;

describe("an execution", () => {
  const waiting = {
    StartAt: "A",
    States: { A: pass("Rest"), Rest: { Type: "Wait", Seconds: 300, Next: "B" }, B: pass() },
  };

  it("is followed while it runs and when it has ended", async () => {
    await using it = await consoleCloud({ virtual: false });
    const arn = await start(it, await machine(it, waiting), { n: 1 }, "first");
    const shown = await it.get<Execution>("/execution", { arn });
    expect(shown).toMatchObject({ name: "first", status: "RUNNING", input: { text: '{\n  "n": 1\n}', cut: 0 } });
    expect(shown.states.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["A", "succeeded"],
      ["Rest", "running"],
    ]);
    expect(shown.drawing.states.map(({ id }) => id)).toEqual([" start", "A", "Rest", "B", " end"]);
    await it.post("/clock/advance", { milliseconds: 300_000 });
    const ended = await it.get<Execution>("/execution", { arn });
    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { cut: 0 } });
    expect(ended.steps).toEqual({ "A → Rest": 1, "Rest → B": 1 });
  });

  it("is listed by status, stopped and redriven", async () => {
    await using it = await consoleCloud({ virtual: false });
    const machineArn = await machine(it, waiting);
    const arn = await start(it, machineArn);
    const names = async (status: string) =>
      (await it.get<{ executions: { arn: string }[] }>("/executions", { machine: machineArn, status })).executions.map(
        (execution) => execution.arn,
      );
    expect(await names("RUNNING")).toEqual([arn]);
    await it.post("/execution/stop", { arn });
    expect(await names("RUNNING")).toEqual([]);
    expect(await names("ABORTED")).toEqual([arn]);
    expect(await it.get("/execution", { arn })).toMatchObject({ status: "ABORTED", isRedrivable: true });
    await it.post("/execution/redrive", { arn });
    expect(await it.get("/execution", { arn })).toMatchObject({ status: "RUNNING", redrives: 1 });
  });

  it("is not told again to who knows it, and then without its drawing", async () => {
    await using it = await consoleCloud();
    const arn = await start(it, await machine(it, waiting));
    const first = await it.get<Execution & { key: string }>("/execution", { arn });
    expect(await it.get("/execution", { arn, known: first.key })).toEqual({ key: first.key, isSame: true });
    await it.cloud.clock.settle();
    const later = await it.get<Execution & { key: string }>("/execution", { arn, known: first.key });
    expect(later).toMatchObject({ status: "SUCCEEDED" });
    expect(later.drawing).toBeUndefined();
    // What was read bit by bit is what is read at once.
    const { states, steps } = await it.get<Execution>("/execution", { arn });
    expect({ states, steps }).toEqual({ states: later.states, steps: later.steps });
    expect(first.states.length).toBeLessThan(states.length);
  });

  it("shows the visits of a state, newest first, by pages", async () => {
    await using it = await consoleCloud();
    const definition = {
      StartAt: "Each",
      States: { Each: { Type: "Map", ItemProcessor: { StartAt: "One", States: { One: pass() } }, End: true } },
    };
    const arn = await start(
      it,
      await machine(it, definition),
      Array.from({ length: 30 }, (_, i) => i),
    );
    await it.cloud.clock.settle();
    const page = await it.get<{ visits: { input: { text: string }; iteration: number }[]; total: number }>(
      "/execution/visits",
      { arn, state: "One" },
    );
    expect(page.total).toBe(30);
    expect(page.visits).toHaveLength(20);
    const rest = await it.get<typeof page>("/execution/visits", { arn, state: "One", skip: "20" });
    const seen = [...page.visits, ...rest.visits];
    expect(seen.map(({ iteration }) => iteration).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    );
    for (const { input, iteration } of seen) expect(input.text).toBe(String(iteration));
  });

  it("shows the beginning of long data, and all of it where asked", async () => {
    await using it = await consoleCloud();
    const long = { text: "x".repeat(50_000) };
    const arn = await start(it, await machine(it, { StartAt: "A", States: { A: pass() } }), long);
    await it.cloud.clock.settle();
    const { input } = await it.get<Execution>("/execution", { arn });
    expect(input.text.length).toBe(16_000);
    expect(input.cut).toBe(JSON.stringify(long).length - 16_000);
    const whole = await fetch(`${it.address}/api/execution/data?${new URLSearchParams({ arn, part: "input" })}`);
    expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(JSON.parse(await whole.text())).toEqual(long);
    const { visits } = await it.get<{ visits: { id: number }[] }>("/execution/visits", { arn, state: "A" });
    const query = new URLSearchParams({ arn, part: "output", visit: String(visits[0]?.id) });
    expect(JSON.parse(await (await fetch(`${it.address}/api/execution/data?${query}`)).text())).toEqual(long);
  });

  it("of more than 5,000 events is told within a second, its events by pages", async () => {
    await using it = await consoleCloud();
    const definition = {
      StartAt: "Each",
      States: {
        Each: { Type: "Map", ItemProcessor: { StartAt: "One", States: { One: pass("Two"), Two: pass() } }, End: true },
      },
    };
    const arn = await start(
      it,
      await machine(it, definition),
      Array.from({ length: 900 }, () => ({})),
    );
    await it.cloud.clock.settle();
    const began = performance.now();
    const shown = await it.get<Execution>("/execution", { arn });
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(shown.states.find(({ name }) => name === "Two")).toMatchObject({ visits: 900, outcome: "succeeded" });
    const ids: number[] = [];
    let token: string | undefined;
    do {
      const page = await it.get<{ events: { id: number }[]; token?: string }>("/execution/events", {
        arn,
        ...(token && { token }),
      });
      expect(page.events.length).toBeLessThanOrEqual(100);
      ids.push(...page.events.map(({ id }) => id));
      token = page.token;
    } while (token !== undefined);
    expect(ids.length).toBeGreaterThan(5_000);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
  });
});

describe("a map run", () => {
  it("tells how its items are, and leads to its executions and back", async () => {
    await using it = await consoleCloud();
    await it.call("iam", "CreateRole", {
      RoleName: "maps",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    await it.call("iam", "PutRolePolicy", {
      RoleName: "maps",
      PolicyName: "starts",
      PolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "states:*", Resource: "*" }],
      }),
    });
    const Each = {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "One",
        States: { One: pass() },
      },
      End: true,
    };
    const { stateMachineArn = "" } = await it.call("states", "CreateStateMachine", {
      name: "wide",
      definition: JSON.stringify({ StartAt: "Each", States: { Each } }),
      roleArn: `arn:aws:iam::${it.cloud.accountId}:role/maps`,
    });
    const arn = await start(it, stateMachineArn, [1, 2, 3]);
    await it.cloud.clock.settle();
    const { visits } = await it.get<{ visits: { started: string[] }[] }>("/execution/visits", { arn, state: "Each" });
    const run = visits[0]?.started[0] ?? "";
    expect(await it.get("/execution", { arn })).toMatchObject({
      mapRuns: [{ arn: run }],
      states: [{ name: "Each", retries: 0, items: { total: 3, succeeded: 3, failed: 0 } }],
    });
    expect(await it.get("/maprun", { arn: run })).toMatchObject({
      parent: arn,
      status: "SUCCEEDED",
      items: { total: 3, succeeded: 3 },
    });
    const { executions } = await it.get<{ executions: { arn: string }[] }>("/executions", { mapRun: run });
    expect(executions).toHaveLength(3);
    expect(await it.get("/execution", { arn: executions[0]?.arn ?? "" })).toMatchObject({ mapRun: run });
  });
});

describe("a state machine", () => {
  it("is listed with its latest executions", async () => {
    await using it = await consoleCloud();
    const arn = await machine(it, { StartAt: "A", States: { A: { Type: "Fail", Error: "No" } } });
    await start(it, arn);
    await it.cloud.clock.settle();
    expect(await it.get("/machines")).toMatchObject({
      machines: [{ name: "orders", type: "STANDARD", latest: [{ status: "FAILED" }] }],
    });
  });

  it("of type Express answers at once", async () => {
    await using it = await consoleCloud();
    const arn = await machine(
      it,
      { StartAt: "A", States: { A: { Type: "Pass", Result: { done: true }, End: true } } },
      "EXPRESS",
    );
    expect(await it.get("/machines")).toMatchObject({ machines: [{ type: "EXPRESS" }] });
    expect(await it.post("/machine/start", { arn, input: "{}" })).toMatchObject({
      status: "SUCCEEDED",
      output: '{"done":true}',
    });
  });

  it("takes only JSON as input, and a name only once for another input", async () => {
    await using it = await consoleCloud();
    const arn = await machine(it, { StartAt: "A", States: { A: { Type: "Wait", Seconds: 9, End: true } } });
    await expect(it.post("/machine/start", { arn, input: "{" })).rejects.toMatchObject({ status: 400 });
    await start(it, arn, { n: 1 }, "same");
    await expect(start(it, arn, { n: 2 }, "same")).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
  });
});
