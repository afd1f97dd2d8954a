import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";
import { RELAY } from "../testing/relay.ts";

interface Step {
  readonly id: string;
  readonly depth: number;
  readonly operation: string;
  readonly kind: string;
  readonly owner?: { readonly logicalId: string };
  readonly says?: string;
  readonly error?: string;
  readonly status?: string;
  readonly logGroup?: string;
  readonly ids: readonly string[];
  readonly details: readonly { readonly operation: string; readonly count: number }[];
}

let cloud: ConsoleCloud;
let bucket = "";
const journey = async (id: string) => (await cloud.get<{ steps: Step[] }>("/journey", { id })).steps;
const told = (steps: readonly Step[]) =>
  steps.map(({ depth, operation, owner, error }) =>
    `${"  ".repeat(depth)}${operation} ${owner?.logicalId ?? ""} ${error ?? ""}`.trimEnd(),
  );
const upload = async (key: string) => {
  await cloud.call("s3", "PutObject", { Bucket: bucket, Key: key, Body: "x" });
  await cloud.cloud.clock.settle();
};

beforeAll(async () => {
  cloud = await consoleCloud();
  const { resources } = await cloud.stacks.deploy({ name: "relay", body: JSON.stringify(RELAY) });
  bucket = resources["Uploads"]?.physicalId ?? "";
});
afterAll(() => cloud?.[Symbol.asyncDispose]());

describe("an upload", () => {
  it("is followed through topic, queue and function, and through rule, state machine and queue", async () => {
    await upload("good.txt");
    const steps = await journey("good.txt");
    expect(told(steps)).toEqual([
      "PutObject Uploads",
      "  Publish News",
      "    SendMessage Work",
      "      run Reader",
      "  PutEvents",
      "    StartExecution Process",
      "      SendMessage Results",
    ]);
    expect(steps.find(({ operation }) => operation === "StartExecution")?.status).toBe("SUCCEEDED");
    expect(steps.find(({ kind }) => kind === "run")?.logGroup).toMatch(/^\/aws\/lambda\/relay-Reader/);
  });

  it("is found by any id on its way; what its neighbours did is not", async () => {
    await upload("one.txt");
    await upload("two.txt");
    const whole = await journey("one.txt");
    const message = whole.find(({ operation, owner }) => operation === "SendMessage" && owner?.logicalId === "Work");
    const execution = whole.find(({ operation }) => operation === "StartExecution");
    expect(told(await journey(message?.ids[0] ?? ""))).toEqual([
      "PutObject Uploads",
      "  Publish News",
      "    SendMessage Work",
      "      run Reader",
    ]);
    expect(told(await journey(execution?.ids[0] ?? ""))).toEqual([
      "PutObject Uploads",
      "  PutEvents",
      "    StartExecution Process",
      "      SendMessage Results",
    ]);
  });

  it("tells each attempt of a function that fails", async () => {
    await upload("poison.txt");
    const runs = (await journey("poison.txt")).filter(({ kind }) => kind === "run");
    expect(runs.map(({ error }) => error)).toEqual(["failed", "failed"]);
  });
});

describe("what was set off lately", () => {
  it("is what nothing in the cloud had caused, newest first", async () => {
    await upload("last.txt");
    await cloud.post("/queue/send", { name: (await queueNamed("Results")) ?? "", body: "by hand" });
    const { beginnings } = await cloud.get<{ beginnings: Step[] }>("/journeys");
    expect(told(beginnings.map((step) => ({ ...step, depth: 0 }))).slice(0, 2)).toEqual([
      "SendMessage Results",
      "PutObject Uploads",
    ]);
    expect(beginnings.some(({ operation }) => operation === "Publish" || operation === "StartExecution")).toBe(false);
  });

  it("is nothing for an id that nobody knows", async () => {
    expect(await journey("00000000-0000-0000-0000-000000000000")).toEqual([]);
  });
});

async function queueNamed(logicalId: string): Promise<string | undefined> {
  const { queues } = await cloud.get<{ queues: { name: string; owner?: { logicalId: string } }[] }>("/queues");
  return queues.find(({ owner }) => owner?.logicalId === logicalId)?.name;
}
