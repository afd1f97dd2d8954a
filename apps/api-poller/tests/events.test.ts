import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Poller, startPoller } from "./poller.ts";

const JOB = "6a7e4feb-b491-4cf7-a9f1-bf3703467718";
let poller: Poller;
beforeAll(async () => {
  poller = await startPoller({ AllowedHosts: "api.example.com" });
});
afterAll(() => poller[Symbol.asyncDispose]());
const invoke = (name: string, file: string) => poller.app.invoke(name, poller.app.sample(file));
const answered = async (name: string, file: string) => {
  const { statusCode, body } = (await invoke(name, file)) as { statusCode: number; body: string };
  return { statusCode, body: JSON.parse(body) as Record<string, unknown> };
};
const putRow = (item: Readonly<Record<string, string>>) =>
  poller.app.client(DynamoDBClient).send(
    new PutItemCommand({
      TableName: poller.app.resource("PollerTasksTable"),
      Item: Object.fromEntries(Object.entries({ JobId: JOB, ...item }).map(([name, S]) => [name, { S }])),
    }),
  );
/** A job with one page, which waits to be worked on. */
const putJob = async () => {
  await putRow({ TaskId: "#job", Status: "POLLING" });
  await putRow({ TaskId: "0000000100", State: "ENQUEUED" });
};
// All events name the same job.
afterEach(async () => {
  for (const TaskId of ["#job", "0000000100"])
    await poller.app.client(DynamoDBClient).send(
      new DeleteItemCommand({
        TableName: poller.app.resource("PollerTasksTable"),
        Key: { JobId: { S: JOB }, TaskId: { S: TaskId } },
      }),
    );
});

describe("the sample events", () => {
  it("of the API start a job, and ask for one that is not there", async () => {
    expect(await answered("SubmitJob", "submit-job.json")).toMatchObject({
      statusCode: 202,
      body: { status: "ACCEPTED" },
    });
    expect(await answered("GetJob", "get-job.json")).toMatchObject({ statusCode: 404 });
  });

  it("of the queue complete a page", async () => {
    await putJob();
    await poller.app.client(S3Client).send(
      new PutObjectCommand({
        Bucket: poller.app.resource("RawPayloadBucket"),
        Key: `${JOB}/0000000100.json`,
        Body: '[{"id":100}]',
      }),
    );
    expect(await invoke("ProcessPayload", "process-payload.json")).toEqual({ batchItemFailures: [] });
    expect(await poller.keptRecords(JOB)).toEqual([{ id: 100 }]);
    expect(await invoke("FinishJob", "finish-job.json")).toMatchObject({ status: "COMPLETE", summary: { Total: 1 } });
  });

  it("of the dead letters fail a page", async () => {
    await putJob();
    expect(await invoke("FailPage", "fail-page.json")).toEqual({ batchItemFailures: [] });
    expect(await invoke("FinishJob", "finish-job.json")).toMatchObject({ status: "FAILED" });
  });

  it("of the last look at a job that is not there fail", async () => {
    await expect(invoke("FinishJob", "finish-job.json")).rejects.toMatchObject({ name: "JobNotFound" });
  });

  it("of the sample partner answer a page, or fail as it does now and then", async () => {
    const { body } = await answered("PayloadGenerator", "payload-generator.json");
    expect(body).toMatchObject({ maxRecordsPerPage: 100, totalRecords: 1_000, payload: [] });
  });

  it.each([
    ["PreparePollerJob", "prepare-poller-job.json"],
    ["FetchPayload", "fetch-payload.json"],
  ])("of the workflow have %s ask api.example.com, which is not there", async (name, file) => {
    await expect(invoke(name, file)).rejects.toMatchObject({ name: "RetriablePollerError" });
  });

  it.each([
    ["SubmitJob", "submit-job.bad.json", "body.pagination.type: unknown type"],
    ["GetJob", "get-job.bad.json", "path.jobId: has the wrong form"],
    [
      "PayloadGenerator",
      "payload-generator.bad.json",
      "query.startAt: expected number; query.count: expected at least 0",
    ],
  ])("of bad requests to %s are refused by field", async (name, file, detail) => {
    expect(await answered(name, file)).toMatchObject({ statusCode: 400, body: { detail } });
  });

  it.each([
    ["PreparePollerJob", "prepare-poller-job.bad.json", "job.pagination.pageSize: expected at least 1"],
    ["FetchPayload", "fetch-payload.bad.json", "page.taskId: has the wrong form"],
    ["FinishJob", "finish-job.bad.json", "jobId: has the wrong form"],
  ])("of bad input to %s are refused by field", async (name, file, message) => {
    await expect(invoke(name, file)).rejects.toMatchObject({ name: "InputInvalid", message });
  });

  it.each([
    ["ProcessPayload", "process-payload.bad.json"],
    ["FailPage", "fail-page.bad.json"],
  ])("of bad messages to %s end in the dead letters with the reason", async (name, file) => {
    expect(await invoke(name, file)).toEqual({ batchItemFailures: [] });
    await poller.app.settle();
    const letters = await poller.deadLetters();
    expect(letters.map(({ MessageAttributes = {} }) => MessageAttributes["error"]?.StringValue)).toEqual([
      "InputInvalid",
    ]);
  });
});
