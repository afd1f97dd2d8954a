import { ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { calm, partner, pollerOf } from "./poller.ts";

/** Functions that were used within it are still warm. */
const HOUR = 3_600;
const reserved = "a ResultWriter needs it for results of several parts";

const send = (app: LocalApp, queue: string, MessageBody: string) =>
  app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource(queue), MessageBody }));

proofs("api-poller", {
  parameters: {
    ...calm,
    SampleTotalRecords: "150",
    PagesAtATime: "1",
    SyncSchedule: "rate(1 hour)",
    SyncJob: JSON.stringify({ url: "https://nobody.example.com/records" }),
    BatchingWindowSeconds: "1",
    CheckEverySeconds: "60",
    MaximumChecks: "30",
  },
  uses: {
    "a job brings its records, though its event comes twice": async (app, id) => {
      const poller = pollerOf(app);
      const event = { id, time: "2030-01-07T12:00:00Z", detail: { url: poller.sample } };
      const input = JSON.stringify({ ...event, source: "source.events", "detail-type": "api.event" });
      for (const name of [`${id}-1`, `${id}-2`]) {
        const stateMachineArn = app.resource("PollerWorkflow");
        await app.client(SFNClient).send(new StartExecutionCommand({ stateMachineArn, name, input }));
        await app.settle();
      }
      expect(await poller.jobOf(id)).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 2, records: 150 });
      expect(await poller.keptRecords(id)).toHaveLength(150);
      expect(await poller.storedPages(id)).toEqual([]);
    },

    "a job that is asked for can be asked about at once": async (app) => {
      const poller = pollerOf(app);
      const jobId = await poller.submit({ url: poller.sample });
      await poller.jobOf(jobId);
      await app.settle();
      expect(await poller.jobOf(jobId)).toMatchObject({ status: "COMPLETE", acceptedAt: expect.any(String) });
    },

    "an incremental job goes on where the last one ended": async (app, id) => {
      const poller = pollerOf(app);
      const payload = [{ id: 1, updated: "2030-01-05T00:00:00Z" }];
      await using api = await partner(() => ({ body: { maxRecordsPerPage: 100, totalRecords: 1, payload } }));
      const job = { url: `${api.url}?of=${id}`, incremental: { parameter: "since", field: "updated" } };
      for (let runs = 0; runs < 2; runs++) expect(await poller.run(job)).toMatchObject({ status: "COMPLETE" });
      expect(api.asked.at(-1)?.get("since")).toBe("2030-01-05T00:00:00.000Z");
    },

    "the message of a page comes again after the page was done": async (app, id) => {
      const poller = pollerOf(app);
      const jobId = await poller.submit({ url: poller.sample });
      await app.settle();
      const asides = (await app.logs("FailPage")).length;
      const pointer = { jobId, taskId: "0000000000", payloadLocation: { key: `${jobId}/0000000000.json` } };
      await send(app, "Pages", JSON.stringify({ ...pointer, id }));
      await app.settle();
      expect(await app.logs("FailPage")).toHaveLength(asides);
      expect(await poller.jobOf(jobId)).toMatchObject({ status: "COMPLETE", records: 150 });
    },

    "a page that was never there is marked as failed": async (app) => {
      const poller = pollerOf(app);
      const jobId = await poller.submit({ url: poller.sample });
      const fault = app.cloud.faults.add({
        service: "s3",
        operation: "GetObject",
        matching: `${jobId}/0000000100`,
        role: "ProcessPayload",
        error: { name: "NoSuchKey", status: 404 },
      });
      await app.settle();
      fault.remove();
      const { status, failures } = await poller.jobOf(jobId);
      expect([status, failures[0]?.reason]).toEqual(["INCOMPLETE", expect.stringContaining("PageUnreadable")]);
    },

    "messages that point nowhere end in the dead letters, with the reason": async (app, id) => {
      for (const queue of ["Pages", "FailedPages"]) await send(app, queue, `{"${queue}":"${id}"}`);
      await app.settle();
      // Once or more: a message may come again after it was put aside.
      const reasons = (await app.messages("DeadLetters")).map(
        ({ Body, MessageAttributes }) => `${Body} ${MessageAttributes?.["error"]?.StringValue}`,
      );
      for (const queue of ["Pages", "FailedPages"]) expect(reasons).toContain(`{"${queue}":"${id}"} InputInvalid`);
    },

    "the schedule starts a job": async (app) => {
      const list = new ListExecutionsCommand({ stateMachineArn: app.resource("PollerWorkflow"), maxResults: 1 });
      const newest = async () => (await app.client(SFNClient).send(list)).executions?.[0]?.executionArn;
      const before = await newest();
      await app.advance(HOUR);
      await app.settle();
      expect(await newest()).not.toBe(before);
    },
  },
  spare: {
    "PollerWorkflowRole s3:GetObject": reserved,
    "PollerWorkflowRole s3:ListMultipartUploadParts": reserved,
    "PollerWorkflowRole s3:AbortMultipartUpload": reserved,
    "SyncRole sqs:SendMessage": "only used while the bus cannot be reached",
  },
});
