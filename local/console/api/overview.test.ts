import { describe, expect, it } from "vitest";
import { consoleCloud } from "../testing/console-cloud.ts";

const TEMPLATE = `
Description: "shop: sells things"
Resources:
  Orders: { Type: "AWS::SQS::Queue" }
  Files: { Type: "AWS::S3::Bucket" }
  Odd: { Type: "AWS::Odd::Thing" }
Outputs:
  Queue: { Value: !Ref Orders, Description: Where orders go }
`;

describe("the overview", () => {
  it("shows each app with its resources, outputs and warnings", async () => {
    await using it = await consoleCloud();
    await it.stacks.deploy({ name: "shop", body: TEMPLATE });
    const overview = await it.get<{ apps: { warnings: string[] }[] }>("/overview");
    expect(overview).toMatchObject({
      endpoint: it.cloud.endpoint,
      account: "123456789012",
      region: "us-east-1",
      apps: [
        {
          name: "shop",
          status: "CREATE_COMPLETE",
          description: "shop: sells things",
          types: { "AWS::SQS::Queue": 1, "AWS::S3::Bucket": 1 },
        },
      ],
    });
    expect(overview.apps[0]?.warnings.join()).toContain("AWS::Odd::Thing");
  });

  it("lists what was asked for and is not implemented", async () => {
    await using it = await consoleCloud();
    await expect(
      it.call("s3", "PutBucketReplication", { Bucket: "x", ReplicationConfiguration: undefined }),
    ).rejects.toThrow("does not implement");
    expect(await it.get("/overview")).toMatchObject({ missing: ["s3:PutBucketReplication"] });
  });

  it("shows failures on purpose and removes them", async () => {
    await using it = await consoleCloud();
    it.cloud.faults.add({ service: "sqs", error: "throttle" });
    expect(await it.get("/overview")).toMatchObject({ faults: [{ service: "sqs" }] });
    await it.post("/faults/clear", {});
    expect(await it.get("/overview")).toMatchObject({ faults: [] });
  });
});

describe("an app", () => {
  it("shows its resources by their names and how it was deployed", async () => {
    await using it = await consoleCloud();
    await it.stacks.deploy({ name: "shop", body: TEMPLATE });
    const app = await it.get<{ resources: { logicalId: string; isPlaceholder: boolean }[]; events: unknown[] }>(
      "/app",
      {
        name: "shop",
      },
    );
    expect(app).toMatchObject({ outputs: [{ key: "Queue", description: "Where orders go" }] });
    expect(app.resources.map(({ logicalId, isPlaceholder }) => [logicalId, isPlaceholder]).sort()).toEqual([
      ["Files", false],
      ["Odd", true],
      ["Orders", false],
    ]);
    expect(app.events.length).toBeGreaterThan(3);
    const { queues } = await it.get<{ queues: { owner: unknown }[] }>("/queues");
    expect(queues[0]?.owner).toEqual({ app: "shop", logicalId: "Orders" });
  });

  it("that is not there is an error", async () => {
    await using it = await consoleCloud();
    await expect(it.get("/app", { name: "nothing" })).rejects.toMatchObject({ status: 404 });
  });
});

describe("the README of an app", () => {
  it("is shown when there is one, and nothing else of the disk", async () => {
    await using it = await consoleCloud();
    expect(await it.get("/app/readme", { name: "api-poller" })).toEqual({
      text: expect.stringMatching(/^# api-poller\n/),
    });
    for (const name of ["nothing", "../local", "..%2flocal", ".", "api-poller/../../local"])
      await expect(it.get("/app/readme", { name })).rejects.toMatchObject({ status: 404 });
  });
});

describe("the clock", () => {
  it("goes to the moment at which something is due next, background work too", async () => {
    await using it = await consoleCloud();
    const before = it.cloud.clock.now();
    const fired: number[] = [];
    it.cloud.clock.after(90_000, () => void fired.push(it.cloud.clock.now()), { background: true });
    expect(await it.get("/changes")).toMatchObject({ next: before + 90_000 });
    expect(await it.post("/clock/next", {})).toMatchObject({ now: before + 90_000 });
    expect(fired).toEqual([before + 90_000]);
    await expect(it.post("/clock/next", {})).rejects.toMatchObject({ status: 400 });
  });

  it("is fast-forwarded, running what falls due on the way", async () => {
    await using it = await consoleCloud();
    const ran: number[] = [];
    it.cloud.clock.after(3_600_000, () => void ran.push(it.cloud.clock.now()));
    const before = it.cloud.clock.now();
    expect(await it.post("/clock/advance", { milliseconds: 86_400_000 })).toMatchObject({ now: before + 86_400_000 });
    expect(ran).toEqual([before + 3_600_000]);
    expect(await it.get("/changes")).toMatchObject({ now: before + 86_400_000, isVirtual: true });
  });

  it.each([0, -1, 1e20, "60", null, undefined])("is not moved by %j", async (milliseconds) => {
    await using it = await consoleCloud();
    await expect(it.post("/clock/advance", { milliseconds })).rejects.toMatchObject({ status: 400 });
  });

  it("is moved by one at a time", async () => {
    await using it = await consoleCloud();
    let release = () => {};
    it.cloud.clock.after(10, () => new Promise<void>((resolve) => (release = resolve)));
    const first = it.post("/clock/advance", { milliseconds: 1_000 });
    await expect.poll(async () => (await it.get("/changes"))["target"]).toBeDefined();
    await expect(it.post("/clock/advance", { milliseconds: 1_000 })).rejects.toMatchObject({
      status: 409,
      name: "Busy",
    });
    release();
    await first;
    expect((await it.get("/changes"))["target"]).toBeUndefined();
  });
});

describe("what the API does not know", () => {
  it.each(["/nothing", "/__proto__", "/constructor", "/"])("%s is an error", async (path) => {
    await using it = await consoleCloud();
    await expect(it.get(path)).rejects.toMatchObject({ status: 404 });
  });
});
