import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../../services/states/test-cloud.ts";
import { summarise } from "./states.ts";
import { tell, type Told } from "./visits.ts";

/** Runs a machine to its end and tells its history; `until` cuts it off after so many events, as if it were still running. */
async function told(definition: unknown, input: unknown = {}, until?: number): Promise<Told> {
  await using states = await statesCloud();
  const { execution, events } = await states.run(await states.machine(definition), input);
  return until === undefined ? tell(events, execution.status ?? "") : tell(events.slice(0, until), "RUNNING");
}

const states = (told: Told) => Object.fromEntries(summarise(told).map(({ name, ...rest }) => [name, rest]));
const pass = (next?: string) => ({ Type: "Pass", ...(next === undefined ? { End: true } : { Next: next }) });
const refusedTask = {
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage",
  Parameters: { QueueUrl: "none", MessageBody: "1" },
};

describe("a state", () => {
  it("tells what went in, what came out and how long it took", async () => {
    const { visits } = await told(single({ Type: "Wait", Seconds: 30 }), { n: 1 });
    expect(visits).toHaveLength(1);
    const [visit] = visits;
    expect(visit).toMatchObject({
      type: "Wait",
      outcome: "succeeded",
      input: '{"n":1}',
      output: '{"n":1}',
      attempts: [],
    });
    expect((visit?.exitedAt ?? 0) - (visit?.enteredAt ?? 0)).toBe(30_000);
  });

  it("is running until it is left", async () => {
    const all = await told(
      { StartAt: "A", States: { A: pass("B"), B: { Type: "Wait", Seconds: 9, End: true } } },
      {},
      4,
    );
    expect(states(all)).toMatchObject({
      A: { outcome: "succeeded" },
      B: { outcome: "running", durationMs: undefined },
    });
    expect([...all.steps]).toEqual([["A → B", 1]]);
  });

  it("counts its retries and shows its errors when they are caught", async () => {
    const all = await told({
      StartAt: "Send",
      States: {
        Send: {
          ...refusedTask,
          Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Note" }],
          End: true,
        },
        Note: pass(),
      },
    });
    expect(states(all)).toMatchObject({
      Send: { outcome: "caught", retries: 2, error: "SQS.AmazonSQSException" },
      Note: { outcome: "succeeded", retries: 0 },
    });
    expect(all.visits[0]?.errors).toHaveLength(3);
    const attempts = all.visits[0]?.attempts ?? [];
    expect(attempts.map(({ error }) => error?.error)).toEqual(Array(3).fill("SQS.AmazonSQSException"));
    // The first interval is one second, each later one twice as long.
    expect(attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.endedAt ?? 0))).toEqual([1_000, 2_000]);
  });

  it("tells which executions it started", async () => {
    await using cloud = await statesCloud();
    const child = await cloud.machine(single({ Type: "Pass" }), { name: "child" });
    const parent = await cloud.machine(
      single({
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution.sync",
        Parameters: { StateMachineArn: child, Name: "one" },
      }),
      { roleArn: await cloud.role("starter", ["states:*", "events:*"]) },
    );
    const { execution, events } = await cloud.run(parent);
    expect(execution.status).toBe("SUCCEEDED");
    expect(tell(events, "SUCCEEDED").visits[0]?.started).toEqual([expect.stringContaining(":execution:child:one")]);
  });

  it("has failed when nothing catches its error, with one error", async () => {
    const all = await told({ StartAt: "Send", States: { Send: { ...refusedTask, End: true } } });
    expect(states(all)).toMatchObject({ Send: { outcome: "failed", error: "SQS.AmazonSQSException" } });
    expect(all.visits[0]?.errors).toHaveLength(1);
  });

  it("of type Fail has failed, of type Succeed has not", async () => {
    expect(states(await told({ StartAt: "F", States: { F: { Type: "Fail", Error: "No" } } }))).toMatchObject({
      F: { outcome: "failed", error: "No" },
    });
    expect(states(await told({ StartAt: "S", States: { S: { Type: "Succeed" } } }))).toMatchObject({
      S: { outcome: "succeeded" },
    });
  });

  it("whose data cannot be read has failed with the execution", async () => {
    const all = await told({
      StartAt: "P",
      QueryLanguage: "JSONata",
      States: { P: { Type: "Pass", Output: "{% $error('broken') %}", End: true } },
    });
    expect(states(all)).toMatchObject({ P: { outcome: "failed" } });
  });
});

describe("a state that is visited again", () => {
  it("shows its latest visit, and counts all", async () => {
    const all = await told(
      {
        StartAt: "Count",
        QueryLanguage: "JSONata",
        States: {
          Count: { Type: "Pass", Output: "{% {'n': $states.input.n + 1} %}", Next: "Enough?" },
          "Enough?": {
            Type: "Choice",
            Choices: [{ Condition: "{% $states.input.n < 5 %}", Next: "Count" }],
            Default: "Done",
          },
          Done: { Type: "Succeed" },
        },
      },
      { n: 0 },
    );
    expect(states(all)).toMatchObject({ Count: { visits: 5, outcome: "succeeded" }, Done: { visits: 1 } });
    expect(all.steps.get("Enough? → Count")).toBe(4);
    expect(all.visits.filter(({ state }) => state === "Count").map(({ output }) => output)).toEqual(
      [1, 2, 3, 4, 5].map((n) => `{"n":${n}}`),
    );
  });
});

describe("branches", () => {
  const branch = (name: string, state: unknown) => ({ StartAt: name, States: { [name]: state } });

  it("belong to the Parallel state around them", async () => {
    const all = await told({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [branch("L", { Type: "Wait", Seconds: 3, End: true }), branch("R", pass())],
          Next: "After",
        },
        After: pass(),
      },
    });
    expect(all.visits.map(({ state, parent }) => [state, parent?.state])).toEqual([
      ["Both", undefined],
      ["L", "Both"],
      ["R", "Both"],
      ["After", undefined],
    ]);
    expect(Object.values(states(all)).map(({ outcome }) => outcome)).toEqual(Array(4).fill("succeeded"));
    expect([...all.steps.keys()]).toEqual(["Both → After"]);
  });

  it("are aborted when another one fails, and the container has failed", async () => {
    const all = await told({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [
            branch("Slow", { Type: "Wait", Seconds: 60, End: true }),
            branch("Bad", { Type: "Fail", Error: "No" }),
          ],
          End: true,
        },
      },
    });
    expect(states(all)).toMatchObject({
      Both: { outcome: "failed" },
      Slow: { outcome: "aborted" },
      Bad: { outcome: "failed" },
    });
  });

  it("that fail within a caught Parallel leave it caught", async () => {
    const all = await told({
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [branch("Bad", { Type: "Fail", Error: "No" })],
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Note" }],
          End: true,
        },
        Note: pass(),
      },
    });
    expect(states(all)).toMatchObject({
      Both: { outcome: "caught", error: "Bad failed" },
      Note: { outcome: "succeeded" },
    });
    expect([...all.steps.keys()]).toEqual(["Both → Note"]);
  });
});

describe("rounds of a Map", () => {
  const machine = (state: unknown) => ({
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemProcessor: { StartAt: "One", States: { One: state, Two: pass() } },
        End: true,
      },
    },
  });

  it("that fail tell their Map why", async () => {
    const all = await told(machine({ ...refusedTask, Next: "Two" }), [1]);
    expect(states(all)).toMatchObject({ Each: { error: "SQS.AmazonSQSException" }, One: { outcome: "failed" } });
  });

  it("know which item they are for", async () => {
    const all = await told(machine(pass("Two")), [7, 8, 9]);
    const found = all.visits.filter(({ state }) => state !== "Each");
    expect(found.map(({ state, iteration, input }) => [state, iteration, input]).sort()).toEqual([
      ["One", 0, "7"],
      ["One", 1, "8"],
      ["One", 2, "9"],
      ["Two", 0, "7"],
      ["Two", 1, "8"],
      ["Two", 2, "9"],
    ]);
    expect(found.every(({ parent }) => parent?.state === "Each")).toBe(true);
    expect(states(all)).toMatchObject({ One: { visits: 3, outcome: "succeeded" }, Each: { visits: 1 } });
  });

  it("show the worst of them", async () => {
    const check = {
      Type: "Choice",
      Choices: [{ Variable: "$", NumericEquals: 8, Next: "Bad" }],
      Default: "Two",
    };
    const all = await told(
      {
        StartAt: "Each",
        States: {
          Each: {
            Type: "Map",
            MaxConcurrency: 1,
            ItemProcessor: { StartAt: "One", States: { One: check, Two: pass(), Bad: { Type: "Fail", Error: "No" } } },
            End: true,
          },
        },
      },
      [7, 8, 9],
    );
    expect(states(all)).toMatchObject({
      Each: { outcome: "failed", error: "No" },
      Bad: { outcome: "failed", visits: 1 },
      Two: { outcome: "succeeded", visits: 1 },
    });
  });
});

describe("a Map", () => {
  it("tells how far it is, item by item", async () => {
    const failing = { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 2, Next: "No" }], Default: "Yes" };
    const all = await told(
      single({
        Type: "Map",
        ItemProcessor: {
          StartAt: "Even?",
          States: { "Even?": failing, No: { Type: "Fail" }, Yes: { Type: "Succeed" } },
        },
        MaxConcurrency: 1,
      }),
      [1, 2, 3],
    );
    expect(all.visits[0]?.items).toEqual({ total: 3, begun: 2, succeeded: 1, failed: 1 });
  });
});
