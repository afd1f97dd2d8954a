import { AthenaClient, GetQueryResultsCommand, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { ListObjectsV2Command, PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { type Shelf, shelfOf } from "./shelf.ts";

let app: LocalApp;
let shelf: Shelf;
beforeAll(async () => {
  // The schedule stays away: it would start functions anew for each day of these scenarios.
  const parameters = { MaximumRounds: "2", CompactionSchedule: "cron(15 2 1 1 ? *)" };
  app = await deploy("metadata-search", { parameters });
  shelf = shelfOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const today = () => new Date(app.cloud.clock.now()).toISOString().slice(0, 10);
const keysIn = async (Prefix: string) => {
  const input = { Bucket: app.resource("IndexBucket"), Prefix };
  const { Contents = [] } = await app.client(S3Client).send(new ListObjectsV2Command(input));
  return Contents.map(({ Key = "" }) => Key);
};
const filesOf = (day: string) => keysIn(`objects/day=${day}/`);
const compact = (day: string) => app.invoke("CompactDay", { day });
const PAST_GRACE = 61 * 60;

/** A new day with a file for each of these keys. */
async function dayOf(...keys: readonly string[]): Promise<string> {
  await app.advance(86_400);
  for (const key of keys) {
    await shelf.put(key, { Metadata: { category: "one" } });
    await app.settle();
  }
  return today();
}

async function execute(machine: string, input: object) {
  const states = app.client(SFNClient);
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn: app.resource(machine), input: JSON.stringify(input) }),
  );
  await app.settle();
  return states.send(new DescribeExecutionCommand({ executionArn }));
}

describe("a compaction", () => {
  it("merges a day's files, shows every object once at any time, and removes the sources after the grace", async () => {
    const day = await dayOf("a1", "a2", "a3");
    const sources = await filesOf(day);
    expect(await compact(day)).toEqual({ day, merged: 3, into: 1, removed: 0 });
    expect(await filesOf(day)).toEqual(expect.arrayContaining(sources));
    expect(await shelf.keys({ from: day })).toEqual(["a1", "a2", "a3"]);
    expect(await compact(day)).toMatchObject({ merged: 0, removed: 0 });
    await app.advance(PAST_GRACE);
    expect(await compact(day)).toMatchObject({ merged: 0, removed: 3 });
    expect(await filesOf(day)).toEqual([expect.stringContaining("compacted-")]);
    expect(await keysIn(`compactions/day=${day}/`)).toEqual([]);
    expect(await shelf.keys({ from: day })).toEqual(["a1", "a2", "a3"]);
  });

  it("twice at once writes one file", async () => {
    const day = await dayOf("b1", "b2");
    await Promise.all([compact(day), compact(day)]);
    expect(await filesOf(day)).toHaveLength(3);
    await app.advance(PAST_GRACE);
    await Promise.all([compact(day), compact(day)]);
    expect(await filesOf(day)).toHaveLength(1);
    expect(await shelf.keys({ from: day })).toEqual(["b1", "b2"]);
  });

  it.each<[string, "PutObject" | "DeleteObjects", boolean]>([
    ["before its merged file", "PutObject", false],
    ["between its merged file and the record of it", "PutObject", true],
    ["before the removal", "DeleteObjects", false],
    ["between the removal and the end of its record", "DeleteObjects", true],
  ])("that ends %s is made good by the next", async (title, operation, afterwards) => {
    const keys = [`c ${title}`, `d ${title}`];
    const day = await dayOf(...keys);
    if (operation === "DeleteObjects") {
      await compact(day);
      await app.advance(PAST_GRACE);
    }
    const error = { name: "AccessDenied", status: 403 };
    const fault = app.cloud.faults.add({ service: "s3", operation, error, role: "CompactDay", times: 1, afterwards });
    await expect(compact(day)).rejects.toMatchObject({ name: "AccessDenied" });
    fault.remove();
    expect(await shelf.keys({ from: day })).toEqual(keys);
    for (let runs = 0; runs < 3; runs++) {
      await compact(day);
      await app.advance(PAST_GRACE);
    }
    expect(await filesOf(day)).toHaveLength(1);
    expect(await shelf.keys({ from: day })).toEqual(keys);
  });

  it("of which a day fails names the day", async () => {
    // Days of other scenarios are done with.
    await execute("CompactIndex", {});
    await app.advance(PAST_GRACE);
    await execute("CompactIndex", {});
    const day = await dayOf("e1", "e2");
    const error = { name: "AccessDenied", status: 403 };
    const fault = app.cloud.faults.add({
      service: "s3",
      operation: "GetObject",
      error,
      role: "CompactDay",
      times: 100,
    });
    const { status, cause } = await execute("CompactIndex", {});
    fault.remove();
    expect([status, cause]).toEqual(["FAILED", `Not compacted: ${day}`]);
    expect((await execute("CompactIndex", {})).status).toBe("SUCCEEDED");
  });
});

describe("the view current_objects", () => {
  it("answers what a search answers", async () => {
    const day = await dayOf("v1", "v2", "v3");
    await shelf.put("v1", { Metadata: { category: "two" } });
    await shelf.remove("v2");
    await app.settle();
    const athena = app.client(AthenaClient);
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({
        QueryString: "SELECT object_key, category FROM current_objects WHERE day = ? ORDER BY object_key",
        ExecutionParameters: [`'${day}'`],
        QueryExecutionContext: { Database: app.outputs["Database"] },
        WorkGroup: app.outputs["WorkGroup"],
      }),
    );
    await app.settle();
    const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.Rows?.slice(1).map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue))).toEqual([
      ["v1", "two"],
      ["v3", "one"],
    ]);
    expect(await shelf.keys({ from: day })).toEqual(["v1", "v3"]);
  });
});

describe("a back-fill", () => {
  const silence = async (EventBridgeConfiguration: object | undefined) => {
    const input = {
      Bucket: app.resource("SourceBucket"),
      NotificationConfiguration: EventBridgeConfiguration ? { EventBridgeConfiguration } : {},
    };
    await app.client(S3Client).send(new PutBucketNotificationConfigurationCommand(input));
  };

  it("indexes versions and deletions that no event told of, in their order, and twice without harm", async () => {
    const day = await dayOf("w0");
    await silence(undefined);
    for (const category of ["one", "two", "three"]) await shelf.put("w/changed", { Metadata: { category } });
    await shelf.put("w/gone");
    await shelf.remove("w/gone");
    await app.settle();
    await silence({});
    expect(await shelf.keys({ keyPrefix: "w/" })).toEqual([]);
    for (let runs = 0; runs < 2; runs++) {
      const { status, output = "{}" } = await execute("BackfillIndex", { prefix: "w/" });
      expect([status, JSON.parse(output)]).toEqual(["SUCCEEDED", { indexed: 5, rounds: 1 }]);
    }
    const { objects } = await shelf.search({ keyPrefix: "w/", from: day });
    expect(objects.map(({ key, category }) => [key, category])).toEqual([["w/changed", "three"]]);
    await shelf.remove("w/changed");
    await app.settle();
    expect(await shelf.keys({ keyPrefix: "w/" })).toEqual([]);
  });
});
