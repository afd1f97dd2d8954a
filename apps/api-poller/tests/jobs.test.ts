import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { StartReplayCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { offsetAnswer, partner, type Poller, startPoller, upTo } from "./poller.ts";

let poller: Poller;
beforeAll(async () => {
  poller = await startPoller({ SampleLongestDelayMs: "8000", PagesAtATime: "2", KeepDays: "15" });
});
afterAll(() => poller[Symbol.asyncDispose]());
const idsOf = async (of: Poller, jobId: string) => (await of.keptRecords(jobId)).map(({ id }) => id);

describe("a job", () => {
  it("brings every one of 10,000 records once, though the partner is slow and one request in ten fails", async () => {
    await using busy = await startPoller({
      SampleTotalRecords: "10000",
      SampleFailurePercentage: "10",
      SampleLongestDelayMs: "1000",
      PagesAtATime: "25",
    });
    const job = await busy.run({ url: busy.sample });
    expect(job).toMatchObject({
      status: "COMPLETE",
      Started: 0,
      PayloadSaved: 0,
      Enqueued: 0,
      SuccessfullyCompleted: 100,
      FailedToComplete: 0,
      Total: 100,
      totalRecords: 10_000,
      records: 10_000,
    });
    expect(await idsOf(busy, job.jobId)).toEqual(upTo(10_000));
    expect(await busy.storedPages(job.jobId)).toEqual([]);
    expect(await busy.executions()).toMatchObject([{ status: "SUCCEEDED" }]);
  }, 120_000);

  it("of more pages than a state can hold is read from a list in S3", async () => {
    await using wordy = await partner((query) => ({ body: offsetAnswer(query, 395, 10) }));
    // Long addresses, so that few pages do: each of these characters takes nine in an address.
    const job = await poller.run({ url: `${wordy.url}?filter=${"本".repeat(900)}` });
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 40, records: 395 });
    expect(await idsOf(poller, job.jobId)).toEqual(upTo(395));
    const list = { Bucket: poller.app.resource("RawPayloadBucket"), Key: `plans/${job.jobId}/0.jsonl` };
    const { ContentLength } = await poller.app.client(S3Client).send(new HeadObjectCommand(list));
    expect(ContentLength).toBeGreaterThan(256 * 1_024);
  }, 120_000);

  it("of no records is complete", async () => {
    await using empty = await partner((query) => ({ body: offsetAnswer(query, 0) }));
    expect(await poller.run({ url: empty.url })).toMatchObject({ status: "COMPLETE", Total: 0, records: 0 });
  });

  it("tells how far it is while it runs, and its counters only move forward", async () => {
    const jobId = await poller.submit({ url: poller.sample });
    expect(await poller.jobOf(jobId)).toMatchObject({ status: expect.stringMatching(/ACCEPTED|POLLING/), Total: 0 });
    const seen = [];
    while (seen.at(-1)?.status !== "COMPLETE" && seen.length < 200) {
      await poller.app.advance(2);
      seen.push(await poller.jobOf(jobId));
    }
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(["POLLING", "PROCESSING", "COMPLETE"]));
    const done = seen.map((job) => job.SuccessfullyCompleted);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.find(({ Started }) => Started > 0)?.Started).toBeLessThanOrEqual(2);
    for (const { Started, PayloadSaved, Enqueued, SuccessfullyCompleted, FailedToComplete, Total } of seen)
      expect(Started + PayloadSaved + Enqueued + SuccessfullyCompleted + FailedToComplete).toBe(Total);
    await poller.app.settle();
    expect(await poller.jobOf(jobId)).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 10 });
  });
});

describe("the event of a job", () => {
  const fetches = async () =>
    (await poller.app.logs("FetchPayload")).filter(({ message }) => message.startsWith("START")).length;

  it("may come twice at the same moment: one execution does the work", async () => {
    const input = JSON.stringify({
      id: "e078bbfa-b439-477e-a14c-2ec1eee4cef6",
      time: "2030-01-07T12:00:00Z",
      source: "source.events",
      "detail-type": "api.event",
      detail: { url: poller.sample },
    });
    const stateMachineArn = poller.app.resource("PollerWorkflow");
    const sfn = poller.app.client(SFNClient);
    const fetchesBefore = await fetches();
    await Promise.all(["a", "b"].map((name) => sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }))));
    await poller.app.settle();
    const job = await poller.jobOf("e078bbfa-b439-477e-a14c-2ec1eee4cef6");
    expect(job).toMatchObject({ status: "COMPLETE", Total: 10, records: 1_000 });
    const outputs = (await poller.executionsOf("e078bbfa-b439-477e-a14c-2ec1eee4cef6")).map(
      ({ output = "{}" }) => (JSON.parse(output) as { status: string }).status,
    );
    expect(outputs.sort()).toEqual(["ALREADY_STARTED", "COMPLETE"]);
    // One question for the total before and one after, and one for each page.
    expect((await fetches()) - fetchesBefore).toBe(10);
  });

  it("replayed from the archive changes nothing for a job that ran", async () => {
    const job = await poller.run({ url: poller.sample });
    await poller.app.advance(60);
    const now = poller.app.cloud.clock.now();
    await poller.app.client(EventBridgeClient).send(
      new StartReplayCommand({
        ReplayName: "again",
        EventSourceArn: `arn:aws:events:us-east-1:123456789012:archive/${poller.app.resource("PollerEvents")}`,
        EventStartTime: new Date(now - 3_600_000),
        EventEndTime: new Date(now),
        Destination: {
          Arn: `arn:aws:events:us-east-1:123456789012:event-bus/${poller.app.resource("PollerEventBus")}`,
        },
      }),
    );
    await poller.app.settle();
    expect(await poller.executionsOf(job.jobId)).toHaveLength(2);
    expect(await poller.jobOf(job.jobId)).toEqual(job);
  });

  it("of another application starts a job as well, and one that makes no sense ends as a failed job with its reason", async () => {
    const good = await poller.putEvent({ url: poller.sample });
    const bad = await poller.putEvent({ url: poller.sample, pagination: { type: "tarot" } });
    const foreign = await poller.putEvent({ url: "https://169.254.169.254/latest/meta-data" });
    await poller.app.settle();
    expect(await poller.jobOf(good)).toMatchObject({ status: "COMPLETE", records: 1_000 });
    expect(await poller.jobOf(bad)).toMatchObject({
      status: "FAILED",
      reason: "InputInvalid: job.pagination.type: unknown type",
    });
    expect((await poller.jobOf(foreign)).reason).toContain("SourceNotAllowed: ");
  });
});

describe("the schedule", () => {
  it("starts its job once a day", async () => {
    await using daily = await startPoller({
      SyncSchedule: "rate(1 day)",
      SyncJob: JSON.stringify({ url: "https://nobody.example.com/records" }),
    });
    await daily.app.advance(2 * 86_400 + 60);
    await daily.app.settle();
    const inputs = (await daily.executions()).map(({ input = "" }) => JSON.parse(input) as { detail: unknown });
    expect(inputs.length).toBeGreaterThanOrEqual(2);
    expect(inputs[0]?.detail).toEqual({ url: "https://nobody.example.com/records" });
  });
});

describe("rows", () => {
  it("expire after the days that the parameter says, counted in seconds", async () => {
    const { jobId } = await poller.run({ url: poller.sample });
    await poller.app.advance(14 * 86_400);
    expect(await poller.jobOf(jobId)).toMatchObject({ status: "COMPLETE", Total: 10 });
    await poller.app.advance(4 * 86_400);
    expect((await poller.call(`/jobs/${jobId}`)).status).toBe(404);
  });
});
