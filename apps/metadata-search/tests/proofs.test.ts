import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { shelfOf } from "./shelf.ts";

const today = (app: LocalApp) => new Date(app.cloud.clock.now()).toISOString().slice(0, 10);

async function execution(app: LocalApp, machine: string, input: object): Promise<unknown> {
  const states = app.client(SFNClient);
  const stateMachineArn = app.resource(machine);
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  await app.settle();
  const { status, output = "null" } = await states.send(new DescribeExecutionCommand({ executionArn }));
  expect(status).toBe("SUCCEEDED");
  return JSON.parse(output);
}

const filesOf = async (app: LocalApp, day: string) => {
  const input = { Bucket: app.resource("IndexBucket"), Prefix: `objects/day=${day}/` };
  return (await app.client(S3Client).send(new ListObjectsV2Command(input))).KeyCount ?? 0;
};

proofs("metadata-search", {
  // What is denied to the index is given up within an hour, so that functions stay warm.
  parameters: { IndexWithinSeconds: "1", Tries: "4", GraceMinutes: "31", CompactionSchedule: "rate(1 hour)" },
  uses: {
    "uploads are found, reported where they are incomplete, and gone once deleted": async (app, id) => {
      const shelf = shelfOf(app);
      const from = today(app);
      const gone = await shelf.put(`${id}/gone.txt`);
      await shelf.remove(`${id}/gone.txt`, gone);
      await shelf.put(`${id}/a.txt`, { Metadata: { "customer-id": id }, Tagging: "team=blue" });
      await app.settle();
      const { objects } = await shelf.search({ customer: id, from });
      expect(objects.map(({ key, tags }) => [key, tags])).toEqual([[`${id}/a.txt`, { team: "blue" }]]);
      const { objects: incomplete } = await shelf.missing({ from, limit: 999 });
      expect(incomplete.filter(({ key }) => key === `${id}/a.txt`).map(({ missing }) => missing)).toEqual([
        ["category", "received-date"],
      ]);
      await shelf.remove(`${id}/a.txt`);
      await app.settle();
      expect(await shelf.keys({ keyPrefix: `${id}/`, from })).toEqual([]);
      expect((await app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(`${id}/`))).toEqual([]);
    },

    "small files are merged by the schedule, and go with the next": async (app, id) => {
      const shelf = shelfOf(app);
      const from = today(app);
      for (const name of ["a", "b"]) {
        await shelf.put(`${id}/${name}`, { Metadata: { "customer-id": id } });
        await app.settle();
      }
      for (let hours = 0; hours < 2; hours++) {
        await app.advance(3_600);
        await app.settle();
        expect(await shelf.keys({ customer: id, from })).toEqual([`${id}/a`, `${id}/b`]);
      }
      expect(await filesOf(app, from)).toBe(1);
    },

    "what was there before is indexed": async (app, id) => {
      const shelf = shelfOf(app);
      const from = today(app);
      await shelf.put(`${id}/old.txt`, { Metadata: { category: id }, Tagging: "a=b" });
      expect(await execution(app, "BackfillIndex", { prefix: `${id}/` })).toEqual({ indexed: 1, rounds: 1 });
      expect(await shelf.keys({ category: id, from })).toEqual([`${id}/old.txt`]);
    },

    "a message that is none is put aside": async (app, id) => {
      const QueueUrl = app.resource("Happenings");
      await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: `{${id}` }));
      await app.settle();
      const mine = (await app.messages("DeadLetters")).filter(({ Body }) => Body === `{${id}`);
      expect(mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toContain("InputInvalid");
    },
  },
  spare: Object.fromEntries([
    ...["SearchObjects", "ReportMissing"].flatMap((name) => [
      [`${name} athena:StopQueryExecution`, "only a search that takes too long is stopped: a scenario of its own"],
      [`${name} s3:ListBucketMultipartUploads`, "Athena writes long results in parts in an account"],
      [`${name} s3:AbortMultipartUpload`, "Athena writes long results in parts in an account"],
      [`${name} s3:ListMultipartUploadParts`, "Athena writes long results in parts in an account"],
    ]),
    ["CompactionTimerRole sqs:SendMessage", "Scheduler puts aside what it could not start in a day of tries"],
  ]),
});
