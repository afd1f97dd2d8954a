import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  UpdateMapRunCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../core/principal.ts";
import { single, statesCloud, type StatesCloud } from "../test-cloud.ts";

const CHILDREN = ["states:StartExecution", "states:DescribeExecution", "states:StopExecution"];
const S3 = [...CHILDREN, "s3:GetObject", "s3:ListBucket", "s3:PutObject"];

async function bucketWith(states: StatesCloud, objects: Readonly<Record<string, string>>): Promise<void> {
  await states.cloud.call("s3", "CreateBucket", { Bucket: "data" }, ACCOUNT);
  for (const [Key, body] of Object.entries(objects))
    await states.cloud.call("s3", "PutObject", { Bucket: "data", Key, Body: Buffer.from(body) }, ACCOUNT);
}

const distributed = (
  more: Record<string, unknown>,
  state: Record<string, unknown> = { Type: "Pass" },
  executionType = "STANDARD",
) =>
  single({
    Type: "Map",
    Label: "Each",
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: executionType },
      StartAt: "Do",
      States: { Do: { End: true, ...state } },
    },
    ...more,
  });
const csv = {
  Resource: "arn:aws:states:::s3:getObject",
  ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
  Parameters: { Bucket: "data", Key: "in.csv" },
};

describe("a Map run", () => {
  it("reads a CSV file, runs child executions, writes results, and has records of all", async () => {
    await using states = await statesCloud();
    await bucketWith(states, { "in.csv": "id,n\na,1\nb,2\nc,3\n" });
    const roleArn = await states.role("mapper", S3);
    const definition = distributed(
      {
        ItemReader: csv,
        MaxConcurrency: 2,
        ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "data", Prefix: "out" } },
      },
      { Type: "Wait", Seconds: 10 },
    );
    const {
      output,
      execution,
      arn: executionArn,
      events,
    } = await states.run(await states.machine(definition, { name: "m", roleArn }));
    expect(execution.status).toBe("SUCCEEDED");
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(20_000);
    expect(events.map(({ type }) => type)).toContain("MapRunSucceeded");
    expect(output).toMatchObject({
      ResultWriterDetails: { Bucket: "data", Key: expect.stringMatching(/^out\/[0-9a-f-]{36}\/manifest\.json$/) },
    });

    const { mapRuns = [] } = await states.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect(mapRuns).toMatchObject([
      { executionArn, stateMachineArn: states.cloud.arn("states", "stateMachine:m/Each") },
    ]);
    const mapRunArn = mapRuns[0]?.mapRunArn;
    expect(mapRunArn).toMatch(/:mapRun:m\/Each:[0-9a-f-]{36}$/);
    const run = await states.sfn.send(new DescribeMapRunCommand({ mapRunArn }));
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      maxConcurrency: 2,
      itemCounts: { total: 3, succeeded: 3, failed: 0, pending: 0, running: 0, resultsWritten: 3 },
      executionCounts: { total: 3, succeeded: 3 },
    });
    const { executions = [] } = await states.sfn.send(new ListExecutionsCommand({ mapRunArn }));
    expect(executions).toHaveLength(3);
    const child = await states.sfn.send(new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn }));
    expect(child).toMatchObject({ status: "SUCCEEDED", mapRunArn, redriveStatus: "REDRIVABLE_BY_MAP_RUN" });
  });

  it("lists objects, and keeps no records of Express children", async () => {
    await using states = await statesCloud();
    await bucketWith(states, { "in/a": "1", "in/b": "22", other: "" });
    const roleArn = await states.role("mapper", S3);
    const reader = { Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: { Bucket: "data", Prefix: "in/" } };
    const { output, arn: executionArn } = await states.run(
      await states.machine(
        distributed(
          {
            ItemReader: reader,
            ItemSelector: { "key.$": "$$.Map.Item.Value.Key", "size.$": "$$.Map.Item.Value.Size" },
          },
          { Type: "Pass" },
          "EXPRESS",
        ),
        { roleArn },
      ),
    );
    expect(output).toEqual([
      { key: "in/a", size: 1 },
      { key: "in/b", size: 2 },
    ]);
    const { mapRuns = [] } = await states.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect((await states.sfn.send(new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn }))).executions).toEqual(
      [],
    );
  });

  it("fails with States.ItemReaderFailed when the role may not read", async () => {
    await using states = await statesCloud();
    await bucketWith(states, { "in.csv": "id\n1\n" });
    const roleArn = await states.role("blind", []);
    const { execution } = await states.run(await states.machine(distributed({ ItemReader: csv }), { roleArn }));
    expect(execution.error).toBe("States.ItemReaderFailed");
    expect(execution.cause).toContain("s3:GetObject");
  });

  it("fails with States.ResultWriterFailed when the role may not write", async () => {
    await using states = await statesCloud();
    await bucketWith(states, {});
    const roleArn = await states.role("mute", CHILDREN);
    const definition = distributed({
      ItemsPath: "$.list",
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "data" } },
    });
    const { execution, arn: executionArn } = await states.run(await states.machine(definition, { roleArn }), {
      list: [1],
    });
    expect(execution.error).toBe("States.ResultWriterFailed");
    const { mapRuns = [] } = await states.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect(await states.sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }))).toMatchObject({
      status: "FAILED",
      itemCounts: { succeeded: 1, resultsWritten: 0 },
    });
  });

  it.each(CHILDREN)("does not begin when the role lacks %s", async (lacking) => {
    await using states = await statesCloud();
    const roleArn = await states.role(
      "mapper",
      CHILDREN.filter((action) => action !== lacking),
    );
    const machine = await states.machine(distributed({ ItemsPath: "$.list" }), { roleArn });
    const { execution } = await states.run(machine, { list: [1] });
    expect(execution).toMatchObject({ error: "States.Permissions", cause: expect.stringContaining(lacking) });
  });

  it("stops its children when too many have failed", async () => {
    await using states = await statesCloud();
    const definition = distributed(
      { ItemsPath: "$.list", ToleratedFailureCount: 1 },
      { Type: "Wait", SecondsPath: "$" },
    );
    const roleArn = await states.role("mapper", CHILDREN);
    const { execution, arn: executionArn } = await states.run(await states.machine(definition, { roleArn }), {
      list: ["x", "y", 600],
    });
    expect(execution).toMatchObject({
      error: "States.ExceedToleratedFailureThreshold",
      cause: "The specified tolerated failure threshold was exceeded",
    });
    expect(Number(execution.stopDate) - Number(execution.startDate)).toBe(0);
    const { mapRuns = [] } = await states.sfn.send(new ListMapRunsCommand({ executionArn }));
    expect(await states.sfn.send(new DescribeMapRunCommand({ mapRunArn: mapRuns[0]?.mapRunArn }))).toMatchObject({
      status: "FAILED",
      executionCounts: { failed: 2, aborted: 1, total: 3 },
    });
  });

  it("takes another concurrency while it runs", async () => {
    await using states = await statesCloud();
    const definition = distributed({ ItemsPath: "$.list", MaxConcurrency: 1 }, { Type: "Wait", Seconds: 10 });
    const roleArn = await states.role("mapper", CHILDREN);
    const stateMachineArn = await states.machine(definition, { roleArn });
    const { executionArn } = await states.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"list":[1,2,3,4,5]}' }),
    );
    const mapRunArn = await states.cloud.clock.until(
      async () => (await states.sfn.send(new ListMapRunsCommand({ executionArn }))).mapRuns?.[0]?.mapRunArn,
    );
    await states.sfn.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: 5 }));
    await new Promise((resolve) => setImmediate(resolve));
    await states.cloud.clock.settle();
    const { startDate, stopDate } = await states.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(Number(stopDate) - Number(startDate)).toBe(20_000);
  });
});
