import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { offsetAnswer, partner, type Poller, startPoller, upTo } from "./poller.ts";

let poller: Poller;
beforeAll(async () => {
  poller = await startPoller({ SampleTotalRecords: "300", AlarmEmail: "ops@example.com" });
});
afterEach(() => poller.app.cloud.faults.clear());
afterAll(() => poller[Symbol.asyncDispose]());
const ids = async (jobId: string) => (await poller.keptRecords(jobId)).map(({ id }) => id);
const POISON = "0000000100";
const spoil = (jobId: string) =>
  poller.app.client(S3Client).send(
    new PutObjectCommand({
      Bucket: poller.app.resource("RawPayloadBucket"),
      Key: `${jobId}/${POISON}.json`,
      Body: "<html>",
    }),
  );

describe("a page that cannot be worked on", () => {
  /** Records kept of each page so far. A line of metrics holds one number, or a list of them. */
  const kept = async () =>
    (await poller.app.logs("ProcessPayload")).flatMap(({ json }) => json?.["RecordsKept"] ?? []).flat();

  it("because it is no page at all is FAILED at once with the reason, and its neighbours in the batch are done", async () => {
    const jobId = await poller.submit({ url: poller.sample });
    await poller.app.eventually(async () => (await poller.jobOf(jobId)).Enqueued === 3, 3_600);
    await spoil(jobId);
    await poller.app.settle();
    expect(await poller.jobOf(jobId)).toMatchObject({
      status: "INCOMPLETE",
      reason: "1 of 3 pages failed",
      SuccessfullyCompleted: 2,
      FailedToComplete: 1,
      failures: [{ taskId: POISON, reason: "PageUnreadable: The page is not JSON" }],
    });
    expect(await ids(jobId)).toEqual(upTo(300).filter((id) => id < 100 || id >= 200));
    // What could not be worked on is still there for a person to look at.
    expect(await poller.storedPages(jobId)).toEqual([`${jobId}/${POISON}.json`]);
    expect(await poller.deadLetters()).toEqual([]);
    expect(await poller.executionsOf(jobId)).toMatchObject([{ status: "FAILED", error: "Job_INCOMPLETE" }]);
  });

  it("because a service fails each time is FAILED after three tries, and the others are done once", async () => {
    const fault = poller.app.cloud.faults.add({
      service: "s3",
      operation: "GetObject",
      matching: POISON,
      error: { name: "InternalError", status: 500 },
      role: "ProcessPayload",
    });
    const keptBefore = (await kept()).length;
    const job = await poller.run({ url: poller.sample });
    expect(job).toMatchObject({ status: "INCOMPLETE", SuccessfullyCompleted: 2, FailedToComplete: 1 });
    expect(job.failures).toEqual([{ taskId: POISON, reason: "It could not be processed in as many tries as it gets" }]);
    // Three receives, five tries of the SDK in each.
    expect(fault.hits).toBe(15);
    expect((await kept()).slice(keptBefore)).toEqual([100, 100]);
  });

  it("because nobody knows it ends in the dead letters with the reason", async () => {
    await poller.app.client(SQSClient).send(
      new SendMessageCommand({
        QueueUrl: poller.app.resource("Pages"),
        MessageBody: '{"jobId":"j-1","taskId":"0000000000","payloadLocation":{"key":"j-1/0000000000.json"}}',
      }),
    );
    await poller.app
      .client(SQSClient)
      .send(new SendMessageCommand({ QueueUrl: poller.app.resource("Pages"), MessageBody: "no JSON" }));
    await poller.app.settle();
    const reasons = (await poller.deadLetters()).map(
      ({ MessageAttributes = {} }) =>
        `${MessageAttributes["error"]?.StringValue}: ${MessageAttributes["reason"]?.StringValue}`,
    );
    expect(reasons.sort()).toEqual([
      "InputInvalid: body: not valid JSON",
      "PageUnknown: There is no page 0000000000 of a job j-1",
    ]);
  });
});

describe("a page of which no row can be written", () => {
  const down = () =>
    poller.app.cloud.faults.add({
      service: "dynamodb",
      operation: "UpdateItem",
      matching: "0000000001",
      role: "PollerWorkflow",
      error: { name: "InternalServerError", status: 500 },
    });

  it("is missed: its job does not call itself complete", async () => {
    await using whole = await partner((query) => ({ body: offsetAnswer(query, 2, 1) }));
    down();
    const job = await poller.run({ url: whole.url });
    expect(job).toMatchObject({ status: "INCOMPLETE", SuccessfullyCompleted: 1, Total: 1, records: 1 });
    expect(job.reason).toMatch(/^Executions of pages failed, as results\/.*manifest\.json tells$/);
  });

  it("is missed in a chain, too, which counts as read no further", async () => {
    await using cut = await partner((query) => ({
      body: { items: [{ id: 1, updated: "2030-01-05T00:00:00Z" }], ...(query.has("cursor") ? {} : { next: 1 }) },
    }));
    const chain = {
      url: cut.url,
      pagination: { type: "cursor" },
      incremental: { parameter: "since", field: "updated" },
    };
    const fault = down();
    expect(await poller.run(chain)).toMatchObject({ status: "INCOMPLETE", records: 1 });
    fault.remove();
    expect(await poller.run(chain)).toMatchObject({ status: "COMPLETE", records: 2 });
    expect(cut.asked.filter((query) => query.has("since"))).toEqual([]);
  });
});

describe("a partner", () => {
  it("that fails some pages for good fails those; the others go on and the job says so", async () => {
    await using flaky = await partner((query) =>
      query.get("startAt") === "100" ? { status: 500 } : { body: offsetAnswer(query, 300) },
    );
    const job = await poller.run({ url: flaky.url });
    expect(job).toMatchObject({ status: "INCOMPLETE", SuccessfullyCompleted: 2, FailedToComplete: 1 });
    expect(job.failures).toEqual([{ taskId: "0000000100", reason: "RetriablePollerError: The partner answers 500" }]);
    expect(flaky.asked.filter((query) => query.get("startAt") === "100")).toHaveLength(7);
    expect((await ids(job.jobId)).length).toBe(200);
  });

  it("that goes down while pages are fetched leaves a FAILED job, not a hanging one", async () => {
    let answers = 0;
    await using down = await partner((query) =>
      answers++ === 0 ? { body: offsetAnswer(query, 300) } : { status: 502 },
    );
    const job = await poller.run({ url: down.url });
    expect(job).toMatchObject({ status: "FAILED", SuccessfullyCompleted: 0, FailedToComplete: 3 });
    expect(job.reason).toBe("RetriablePollerError: The partner answers 502; 3 of 3 pages failed");
    expect(await poller.executionsOf(job.jobId)).toMatchObject([{ status: "FAILED", error: "Job_FAILED" }]);
  });

  it("that is not there leaves a FAILED job with its reason", async () => {
    const job = await poller.run({ url: "http://127.0.0.1:9/records" });
    expect(job).toMatchObject({ status: "FAILED", Total: 0 });
    expect(job.reason).toContain("RetriablePollerError: The partner cannot be reached: ECONNREFUSED");
  });

  it("that says 404 is not asked again", async () => {
    await using gone = await partner(() => ({ status: 404 }));
    expect(await poller.run({ url: gone.url })).toMatchObject({
      status: "FAILED",
      reason: "PartnerRefused: The partner answers 404",
    });
    expect(gone.asked).toHaveLength(1);
  });

  it("that asks to wait is waited for", async () => {
    let answers = 0;
    await using busy = await partner((query) =>
      ++answers > 1 && answers < 5
        ? { status: 429, headers: { "retry-after": "120" } }
        : { body: offsetAnswer(query, 300) },
    );
    const before = poller.app.cloud.clock.now();
    const job = await poller.run({ url: busy.url });
    expect(job).toMatchObject({ status: "COMPLETE", records: 300 });
    expect(Date.parse(job.finishedAt ?? "") - before).toBeGreaterThan(120_000);
    expect(busy.asked).toHaveLength(8);
  });

  it("that redirects is not followed", async () => {
    await using inner = await partner((query) => ({ body: offsetAnswer(query, 300) }));
    await using outer = await partner(() => ({ status: 302, headers: { location: inner.url } }));
    expect((await poller.run({ url: outer.url })).reason).toContain("a redirect, which is not followed");
    expect(inner.asked).toEqual([]);
  });

  it("whose answer is too long is given up", async () => {
    await using endless = await partner((query) => ({ body: `${" ".repeat(11_000_000)}${query}` }));
    expect((await poller.run({ url: endless.url })).reason).toBe(
      "TooLarge: The partner's answer is longer than 10000000 bytes",
    );
  });

  it("whose answers are not what the job says is named with the field", async () => {
    await using odd = await partner(() => ({ body: { total: "many" } }));
    expect((await poller.run({ url: odd.url })).reason).toBe(
      `AnswerUnexpected: The partner's answer has no whole number at "totalRecords"`,
    );
  });
});

describe("a job that is not complete", () => {
  it("is told to a person by mail", async () => {
    // The alarm of another job is over.
    await poller.app.advance(300);
    const mailsBefore = poller.app.outbox.length;
    await poller.run({ url: "http://127.0.0.1:9/records" });
    await poller.app.advance(300);
    expect(poller.app.outbox.slice(mailsBefore).map(({ to, subject }) => [to, subject])).toContainEqual([
      ["ops@example.com"],
      expect.stringMatching(/^ALARM: "api-poller-JobsAlarm/),
    ]);
  });
});

describe("a total that changes while pages are fetched", () => {
  it("upwards brings the new records as well, each once", async () => {
    let answers = 0;
    await using growing = await partner((query) => ({ body: offsetAnswer(query, answers++ < 2 ? 250 : 430) }));
    const job = await poller.run({ url: growing.url });
    expect(job).toMatchObject({ status: "COMPLETE", totalRecords: 430, records: 430 });
    expect(await ids(job.jobId)).toEqual(upTo(430));
  });

  it("downwards leaves short and empty pages, and no failure", async () => {
    let answers = 0;
    await using shrinking = await partner((query) => ({ body: offsetAnswer(query, answers++ < 1 ? 400 : 150) }));
    const job = await poller.run({ url: shrinking.url });
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 4, records: 150 });
    expect(await ids(job.jobId)).toEqual(upTo(150));
  });

  it("is not mistaken for pages that are shorter than promised", async () => {
    await using stingy = await partner((query) => ({
      body: offsetAnswer(query, 200, query.get("count") === "1" ? 100 : 50),
    }));
    const offset = { type: "offset", pageSize: 100 };
    const job = await poller.run({ url: stingy.url, pagination: offset });
    expect(job.status).toBe("FAILED");
    expect(job.failures[0]?.reason).toBe("PageIncomplete: The page has 50 of 100 records");
  });
});

describe("a throttled service loses nothing", () => {
  it.each([
    ["dynamodb", "UpdateItem", "PollerWorkflow"],
    ["dynamodb", "UpdateItem", "PreparePollerJob"],
    ["dynamodb", "UpdateItem", "ProcessPayload"],
    ["dynamodb", "Query", "FinishJob"],
    ["s3", "PutObject", "PreparePollerJob"],
    ["s3", "PutObject", "FetchPayload"],
    ["s3", "GetObject", "ProcessPayload"],
    ["s3", "DeleteObject", "ProcessPayload"],
    ["sqs", "SendMessage", "PollerWorkflow"],
    ["lambda", "Invoke", "PollerWorkflow"],
  ])("%s %s in the role of %s", async (service, operation, role) => {
    const fault = poller.app.cloud.faults.add({ service, operation, error: "throttle", times: 3, role });
    const job = await poller.run({ url: poller.sample });
    expect(fault.hits).toBe(3);
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 3, records: 300 });
    expect(await ids(job.jobId)).toEqual(upTo(300));
  });

  it.each([
    // Longer than the SDK tries: the message comes again.
    ["s3", "PutObject", 5],
    ["s3", "DeleteObject", 5],
    // The second try is told that the page is at its end.
    ["dynamodb", "UpdateItem", 2],
  ])("nor does a consumer whose %s %s is done, but not answered", async (service, operation, hits) => {
    const fault = poller.app.cloud.faults.add({
      service,
      operation,
      matching: POISON,
      error: { name: "InternalError", status: 500 },
      afterwards: true,
      times: 5,
      role: "ProcessPayload",
    });
    const job = await poller.run({ url: poller.sample });
    expect(fault.hits).toBe(hits);
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 3 });
    expect(await ids(job.jobId)).toEqual(upTo(300));
  });
});

describe("a row", () => {
  const row = async (jobId: string, taskId: string) =>
    (
      await poller.app.client(DynamoDBClient).send(
        new GetItemCommand({
          TableName: poller.app.resource("PollerTasksTable"),
          Key: { JobId: { S: jobId }, TaskId: { S: taskId } },
        }),
      )
    ).Item;

  it("that the consumer has made COMPLETE is not made ENQUEUED by the slower workflow", async () => {
    const slow = poller.app.cloud.faults.add({
      service: "dynamodb",
      operation: "UpdateItem",
      matching: "#state = :enqueued",
      latencyMs: 600_000,
      role: "PollerWorkflow",
    });
    const jobId = await poller.submit({ url: poller.sample });
    await poller.app.eventually(async () => (await poller.jobOf(jobId)).SuccessfullyCompleted === 3, 3_600);
    await poller.app.settle();
    expect(slow.hits).toBe(3);
    expect(await poller.jobOf(jobId)).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 3, Enqueued: 0 });
  });

  it.each(["COMPLETE", "FAILED"])("that is %s stays so when its message comes again", async (State) => {
    const jobId = `j-${State}`;
    const Item = { JobId: { S: jobId }, TaskId: { S: "0000000000" }, State: { S: State } };
    await poller.app
      .client(DynamoDBClient)
      .send(new PutItemCommand({ TableName: poller.app.resource("PollerTasksTable"), Item }));
    const message = { jobId, taskId: "0000000000", payloadLocation: { key: `${jobId}/0000000000.json` } };
    for (const queue of ["Pages", "FailedPages"]) {
      await poller.app.client(S3Client).send(
        new PutObjectCommand({
          Bucket: poller.app.resource("RawPayloadBucket"),
          Key: message.payloadLocation.key,
          Body: "[]",
        }),
      );
      await poller.app
        .client(SQSClient)
        .send(new SendMessageCommand({ QueueUrl: poller.app.resource(queue), MessageBody: JSON.stringify(message) }));
      await poller.app.settle();
    }
    expect(await row(jobId, "0000000000")).toEqual(Item);
  });
});
