import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../testing/lambda-stage.ts";
import { makeQueue, type TestQueue } from "../testing/queues.ts";
import { makeTable, type TestTable } from "../testing/tables.ts";

const CODE = `export const handler = async () => {};`;
let stage: LambdaStage;
let queue: TestQueue;
let fifo: TestQueue;
let table: TestTable;
beforeAll(async () => {
  stage = await lambdaStage();
  await stage.make("fn", { code: CODE });
  queue = await makeQueue(stage.cloud, "queue");
  fifo = await makeQueue(stage.cloud, "queue.fifo", { FifoQueue: "true" });
  table = await makeTable(stage.cloud, "table");
});
afterAll(() => stage[Symbol.asyncDispose]());

const create = (EventSourceArn: string, extra: object = {}) =>
  stage.client.send(new CreateEventSourceMappingCommand({ FunctionName: "fn", EventSourceArn, ...extra }));
const sources = () => ({ queue: queue.arn, fifo: fifo.arn, stream: table.streamArn });

describe("a mapping", () => {
  it("of a queue is answered with its defaults", async () => {
    const { $metadata: _, ...created } = await create(queue.arn);
    const { UUID = "" } = created;
    expect(created).toEqual({
      UUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      EventSourceMappingArn: stage.cloud.arn("lambda", `event-source-mapping:${UUID}`),
      EventSourceArn: queue.arn,
      FunctionArn: stage.cloud.arn("lambda", "function:fn"),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      LastModified: new Date(stage.cloud.clock.now()),
      State: "Creating",
      StateTransitionReason: "USER_INITIATED",
    });
    await expect(create(queue.arn)).rejects.toMatchObject({
      name: "ResourceConflictException",
      message: `The event source arn (" ${queue.arn} ") and function (" fn ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    });
    const updated = await stage.client.send(
      new UpdateEventSourceMappingCommand({ UUID, BatchSize: 3, Enabled: false }),
    );
    expect(updated).toMatchObject({ State: "Updating", BatchSize: 3 });
    expect(await stage.client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      State: "Disabled",
      BatchSize: 3,
    });
    expect(await stage.client.send(new DeleteEventSourceMappingCommand({ UUID }))).toMatchObject({ State: "Deleting" });
    await expect(stage.client.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The resource you requested does not exist.",
    });
  });

  it("of a stream is answered with its defaults", async () => {
    const created = await create(table.streamArn, { StartingPosition: "LATEST" });
    expect(created).toMatchObject({
      BatchSize: 100,
      StartingPosition: "LATEST",
      BisectBatchOnFunctionError: false,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      ParallelizationFactor: 1,
      DestinationConfig: { OnFailure: {} },
    });
    await stage.client.send(new DeleteEventSourceMappingCommand({ UUID: created.UUID }));
  });

  it("is listed by function and by source", async () => {
    await stage.make("other", { code: CODE });
    const uuids = [
      (await create(queue.arn)).UUID,
      (await create(fifo.arn)).UUID,
      (await create(queue.arn, { FunctionName: "other" })).UUID,
    ];
    const list = async (input: object) =>
      (await stage.client.send(new ListEventSourceMappingsCommand(input))).EventSourceMappings?.map(({ UUID }) => UUID);
    expect(await list({})).toEqual(uuids);
    expect(await list({ FunctionName: "fn" })).toEqual(uuids.slice(0, 2));
    expect(await list({ EventSourceArn: queue.arn })).toEqual([uuids[0], uuids[2]]);
    for (const UUID of uuids) await stage.client.send(new DeleteEventSourceMappingCommand({ UUID }));
  });
});

describe("a mapping is refused", () => {
  it.each([
    [
      "with a batch that needs a window",
      "queue",
      { BatchSize: 11 },
      "InvalidParameterValueException",
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    ],
    [
      "with too large a batch",
      "queue",
      { BatchSize: 10_001, MaximumBatchingWindowInSeconds: 1 },
      "ValidationException",
      /Value '10001' at 'batchSize'/,
    ],
    ["with too large a FIFO batch", "fifo", { BatchSize: 11 }, "ValidationException", /Value '11' at 'batchSize'/],
    [
      "with a window of a FIFO queue",
      "fifo",
      { MaximumBatchingWindowInSeconds: 5 },
      "InvalidParameterValueException",
      "Batching window is not supported for FIFO queues.",
    ],
    [
      "with a concurrency of 1",
      "queue",
      { ScalingConfig: { MaximumConcurrency: 1 } },
      "ValidationException",
      /Value '1' at 'scalingConfig.maximumConcurrency'.*greater than or equal to 2/,
    ],
    [
      "with a starting position of a queue",
      "queue",
      { StartingPosition: "LATEST" },
      "InvalidParameterValueException",
      /StartingPosition/,
    ],
    [
      "without a starting position of a stream",
      "stream",
      {},
      "ValidationException",
      /Value null at 'startingPosition'/,
    ],
    [
      "with a timestamp for a DynamoDB stream",
      "stream",
      { StartingPosition: "AT_TIMESTAMP" },
      "InvalidParameterValueException",
      /AT_TIMESTAMP/,
    ],
    [
      "with a filter that is no JSON",
      "queue",
      { FilterCriteria: { Filters: [{ Pattern: "{" }] } },
      "InvalidParameterValueException",
      "Invalid filter pattern definition.",
    ],
    [
      "with six filters",
      "queue",
      { FilterCriteria: { Filters: Array.from({ length: 6 }, () => ({ Pattern: "{}" })) } },
      "InvalidParameterValueException",
      /at most 5/,
    ],
    [
      "with a tumbling window",
      "stream",
      { StartingPosition: "LATEST", TumblingWindowInSeconds: 5 },
      "NotImplemented",
      /TumblingWindowInSeconds/,
    ],
    ["of an unknown function", "queue", { FunctionName: "none" }, "ResourceNotFoundException", /^Function not found/],
  ] as const)("%s", async (_what, source, extra, name, message) => {
    await expect(create(sources()[source], extra)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it("for a source that is not read here", async () => {
    await expect(
      create("arn:aws:kinesis:us-east-1:123456789012:stream/s", { StartingPosition: "LATEST" }),
    ).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("kinesis as an event source"),
    });
  });

  it("for a queue that is not there", async () => {
    await expect(create(stage.cloud.arn("sqs", "none"))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("The specified queue does not exist."),
    });
  });

  it("when messages would become visible while the function still runs", async () => {
    await stage.make("slow", { code: CODE, timeout: 60 });
    await expect(create(queue.arn, { FunctionName: "slow" })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "Queue visibility timeout: 30 seconds is less than Function timeout: 60 seconds",
    });
  });

  it.each(["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"])(
    "when the function's role may not call %s",
    async (action) => {
      const others = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].filter((other) => other !== action);
      const may = [{ Effect: "Allow", Action: others.map((other) => `sqs:${other}`), Resource: queue.arn }];
      await stage.make(`without-${action}`, { code: CODE, may });
      await expect(create(queue.arn, { FunctionName: `without-${action}` })).rejects.toMatchObject({
        name: "InvalidParameterValueException",
        message: `The provided execution role does not have permissions to call ${action} on SQS`,
      });
    },
  );

  it("when the function's role may not read the stream", async () => {
    const may = [{ Effect: "Allow", Action: ["dynamodb:GetRecords", "dynamodb:DescribeStream"], Resource: "*" }];
    await stage.make("blind", { code: CODE, may });
    await expect(create(table.streamArn, { FunctionName: "blind", StartingPosition: "LATEST" })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: `Cannot access stream ${table.streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    });
  });
});
