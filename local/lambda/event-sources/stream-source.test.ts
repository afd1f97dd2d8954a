import { CreateEventSourceMappingCommand, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import type { DynamoDBRecord } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../../services/lambda/testing/lambda-stage.ts";
import { makeQueue } from "../../services/lambda/testing/queues.ts";
import { makeTable, type TestTable } from "../../services/lambda/testing/tables.ts";

/** Logs every batch by the numbers of its items; 13 is a number that it cannot bear. */
const CONSUMER = `
let runs = 0;
export const handler = async (event) => {
  const numbers = event.Records.map((r) => Number(r.dynamodb.NewImage?.n.N ?? -1));
  console.log("BATCH " + JSON.stringify({ at: Date.now(), numbers, records: event.Records }));
  const bad = event.Records.find((r) => r.dynamodb.NewImage?.n.N === "13");
  if (numbers.includes(99) && runs++ === 0) throw new Error("first time");
  if (numbers.includes(50)) await new Promise((r) => setTimeout(r, 10_000));
  if (bad && process.env.REPORTS) return { batchItemFailures: [{ itemIdentifier: bad.dynamodb.SequenceNumber }] };
  if (bad) throw new Error("13");
  return { batchItemFailures: [] };
};`;

interface Batch {
  readonly at: number;
  readonly numbers: readonly number[];
  readonly records: readonly DynamoDBRecord[];
}

let stage: LambdaStage;
let table: TestTable;
let start: number;
beforeEach(async () => {
  stage = await lambdaStage();
  table = await makeTable(stage.cloud, "orders");
  start = stage.cloud.clock.now();
});
afterEach(() => stage[Symbol.asyncDispose]());

async function connect(extra: object = {}, variables: Readonly<Record<string, string>> = {}): Promise<void> {
  await stage.make("consumer", { code: CONSUMER, timeout: 20, variables });
  await stage.client.send(
    new CreateEventSourceMappingCommand({
      FunctionName: "consumer",
      EventSourceArn: table.streamArn,
      StartingPosition: "TRIM_HORIZON",
      ...extra,
    }),
  );
}
async function batches(): Promise<Batch[]> {
  return (await stage.logsOf("consumer")).flatMap((line) => {
    const json = /BATCH (.*)$/.exec(line)?.[1];
    return json === undefined ? [] : [JSON.parse(json) as Batch];
  });
}
const numbers = async () => (await batches()).map((batch) => batch.numbers);
const settle = () => stage.cloud.clock.settle();
async function put(...values: readonly number[]): Promise<void> {
  for (const value of values) await table.put(`item-${value}`, value);
}

describe("a stream as an event source", () => {
  it("hands changes to the function as AWS describes them", async () => {
    await connect({ BatchSize: 1 });
    await table.put("a", 1);
    await table.put("a", 2);
    await table.remove("a");
    await settle();
    const records = (await batches()).flatMap((batch) => batch.records);
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(records[1]).toEqual({
      eventID: expect.any(String),
      eventName: "MODIFY",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(start / 1000),
        Keys: { id: { S: "a" } },
        OldImage: { id: { S: "a" }, n: { N: "1" }, raw: { B: "AQ==" } },
        NewImage: { id: { S: "a" }, n: { N: "2" }, raw: { B: "Ag==" } },
        SequenceNumber: expect.any(String),
        SizeBytes: expect.any(Number),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      eventSourceARN: table.streamArn,
    });
  });

  it("begins where it is told to", async () => {
    await put(1, 2);
    await connect({ StartingPosition: "LATEST" });
    await settle();
    await put(3);
    await settle();
    expect((await numbers()).flat()).toEqual([3]);
  });

  it("reads what is there when it begins at the horizon", async () => {
    await put(1, 2);
    await connect();
    await settle();
    expect(await numbers()).toEqual([[1, 2]]);
  });

  it("gathers for the length of its window, or until the batch is full", async () => {
    await connect({ BatchSize: 4, MaximumBatchingWindowInSeconds: 30 });
    await put(1, 2);
    await stage.cloud.clock.advance(10_000);
    await put(3);
    await settle();
    await put(4, 5, 6, 7);
    await stage.cloud.clock.advance(1_000);
    expect((await batches()).map(({ at, numbers: list }) => [(at - start) / 1000, list])).toEqual([
      [30, [1, 2, 3]],
      [30, [4, 5, 6, 7]],
    ]);
  });

  it("repeats a failed batch before it goes on", async () => {
    await connect({ BatchSize: 2 });
    await put(99, 2, 3);
    await settle();
    const seen = (await numbers()).map((list) => list.join());
    expect(seen.at(0)).toMatch(/^99/);
    expect(seen.at(1)).toBe(seen[0]);
    expect((await numbers()).slice(1).flat()).toEqual([99, 2, 3]);
  });

  it("gives a batch up after its retries, and says so", async () => {
    const lost = await makeQueue(stage.cloud, "lost");
    await connect({
      BatchSize: 1,
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: lost.arn } },
    });
    await put(1, 13, 2);
    await settle();
    expect(await numbers()).toEqual([[1], [13], [13], [13], [2]]);
    const [message] = await lost.receive();
    const sequence = (await batches())[1]?.records[0]?.dynamodb?.SequenceNumber;
    const seconds = new Date(Math.floor(start / 1000) * 1000).toISOString().replace(".000Z", "Z");
    expect(JSON.parse(message?.Body ?? "null")).toEqual({
      version: "1.0",
      timestamp: new Date(start + 3_000).toISOString(),
      requestContext: {
        requestId: expect.any(String),
        functionArn: stage.cloud.arn("lambda", "function:consumer"),
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: sequence,
        endSequenceNumber: sequence,
        approximateArrivalOfFirstRecord: seconds,
        approximateArrivalOfLastRecord: seconds,
        batchSize: 1,
        streamArn: table.streamArn,
      },
    });
  });

  it("divides a failed batch until the bad record is alone", async () => {
    await put(1, 2, 13, 4);
    await connect({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 });
    await settle();
    expect(await numbers()).toEqual([[1, 2, 13, 4], [1, 2], [13, 4], [13], [4]]);
  });

  it("goes on from the record that the function has reported", async () => {
    await put(1, 2, 13, 4);
    await connect({ FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 1 }, { REPORTS: "yes" });
    await settle();
    expect(await numbers()).toEqual([
      [1, 2, 13, 4],
      [13, 4],
    ]);
  });

  it.each(["TRIM_HORIZON", "LATEST"])(
    "reads on after hours without a record, having begun at %s",
    async (StartingPosition) => {
      await put(1);
      await stage.cloud.clock.advance(2_000);
      await connect({ StartingPosition });
      await settle();
      await stage.cloud.clock.advance(3 * 3_600_000);
      await put(2);
      await settle();
      await stage.cloud.clock.advance(3 * 3_600_000);
      await put(3);
      await settle();
      expect((await numbers()).flat()).toEqual(StartingPosition === "LATEST" ? [2, 3] : [1, 2, 3]);
    },
  );

  it("gives up records that have become too old", async () => {
    await put(13);
    await connect({ MaximumRecordAgeInSeconds: 60 });
    await settle();
    const seconds = (await batches()).map(({ at }) => (at - start) / 1000);
    expect(seconds.length).toBeGreaterThan(3);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(61);
  });

  it("waits for a throttled function without losing a record", async () => {
    await connect({ BatchSize: 1, MaximumRetryAttempts: 0 });
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 0 }),
    );
    await put(1, 2);
    await stage.cloud.clock.advance(5_000);
    expect(await numbers()).toEqual([]);
    await stage.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: "consumer", ReservedConcurrentExecutions: 1 }),
    );
    await settle();
    expect(await numbers()).toEqual([[1], [2]]);
  });

  it("works on several items at a time, each in its order", async () => {
    for (const [id, n] of [
      ["a", 50],
      ["b", 1],
      ["c", 1],
      ["d", 1],
      ["a", 2],
      ["b", 2],
      ["c", 2],
      ["d", 2],
    ] as const)
      await table.put(id, n);
    await connect({ BatchSize: 1, ParallelizationFactor: 4 });
    await settle();
    const all = await batches();
    for (const id of ["a", "b", "c", "d"]) {
      const own = all.filter(({ records }) => records[0]?.dynamodb?.Keys?.["id"]?.S === id);
      expect(own.map((batch) => batch.numbers[0])).toEqual(id === "a" ? [50, 2] : [1, 2]);
    }
    expect(all.filter(({ at }) => at === start).length).toBeGreaterThan(2);
  });

  it("drops what its filters do not let through", async () => {
    const Pattern = JSON.stringify({ eventName: ["INSERT"], dynamodb: { NewImage: { n: { N: ["2"] } } } });
    await connect({ FilterCriteria: { Filters: [{ Pattern }] } });
    await put(1, 2, 3);
    await table.remove("item-2");
    await settle();
    expect((await numbers()).flat()).toEqual([2]);
  });
});
