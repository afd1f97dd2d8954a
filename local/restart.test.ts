import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ACCOUNT } from "./core/principal.ts";
import { createStacks } from "./template/stacks.ts";
import { deploy, testCloud } from "./testing.ts";

/** A queue policy that lets everybody send. */
const OPEN = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
});

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "restart-"));
});
afterEach(() => rmSync(dataFolder, { recursive: true }));

describe("a cloud with a data folder", () => {
  it("goes on after a restart: the stack, its objects, its table and its functions are there", async () => {
    const before = await testCloud({ dataFolder });
    const app = await deploy("difference-checker", { cloud: before });
    const Bucket = app.resource("SourceBucket");
    const put = (client: S3Client, Body: string) => client.send(new PutObjectCommand({ Bucket, Key: "a.txt", Body }));
    await put(before.client(S3Client), "one\n");
    await before.clock.settle();
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: Date.UTC(2030, 0, 8), seed: 2 });
    const stack = createStacks(after, after.providerOf).describe("difference-checker");
    expect(stack?.resources["SourceBucket"]?.physicalId).toBe(Bucket);
    await put(after.client(S3Client), "two\n");
    await after.clock.settle();
    const again = await deploy("difference-checker", { cloud: after });
    expect(again.resource("SourceBucket")).toBe(Bucket);
    expect(await again.invoke("FindChanges", { key: "a.txt" })).toMatchObject({
      changes: [{ kind: "text" }, { kind: "first" }],
    });
    expect(after.logged).toEqual([]);
    await after.stop();
  });

  it("keeps a message that was put into a queue and not yet handled when the cloud ended", async () => {
    const before = await testCloud({ dataFolder });
    const app = await deploy("difference-checker", { cloud: before });
    before.faults.add({
      service: "s3",
      operation: "ListObjectVersions",
      error: { name: "InternalError", status: 500 },
    });
    await before
      .client(S3Client)
      .send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: "a.txt", Body: "one\n" }));
    await before.clock.advance(30_000);
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: Date.UTC(2030, 0, 7, 13), seed: 2 });
    await after.clock.settle();
    const again = await deploy("difference-checker", { cloud: after });
    expect(await again.invoke("FindChanges", { key: "a.txt" })).toMatchObject({ changes: [{ kind: "first" }] });
    await after.stop();
  });

  it("delivers an event that its target had not taken yet", async () => {
    const before = await testCloud({ dataFolder });
    await before.call("sqs", "CreateQueue", { QueueName: "late", Attributes: { Policy: OPEN } }, ACCOUNT);
    await before.call("events", "PutRule", { Name: "all", EventPattern: '{"source":["test"]}' }, ACCOUNT);
    const Arn = before.arn("sqs", "late");
    await before.call("events", "PutTargets", { Rule: "all", Targets: [{ Id: "late", Arn }] }, ACCOUNT);
    before.faults.add({ service: "sqs", operation: "SendMessage", error: "throttle" });
    const Entries = [{ Source: "test", DetailType: "seen", Detail: '{"number":7}' }];
    await before.call("events", "PutEvents", { Entries }, ACCOUNT);
    await before.clock.advance(10_000);
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: Date.UTC(2030, 0, 7, 13), seed: 2 });
    await after.clock.settle();
    const QueueUrl = `${after.endpoint}/${after.accountId}/late`;
    const { Messages } = await after.call("sqs", "ReceiveMessage", { QueueUrl }, ACCOUNT);
    expect(Messages?.map(({ Body }) => Body)).toEqual([expect.stringContaining('"number":7')]);
    await after.stop();
  });

  it("lets an execution wait until the moment it would have waited for anyway", async () => {
    const before = await testCloud({ dataFolder });
    const trust = { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await before.call("iam", "CreateRole", { RoleName: "waits", AssumeRolePolicyDocument }, ACCOUNT);
    const States = { Rest: { Type: "Wait", Seconds: 3_600, End: true } };
    const machine = { name: "waits", roleArn: Role?.Arn, definition: JSON.stringify({ StartAt: "Rest", States }) };
    const { stateMachineArn } = await before.call("states", "CreateStateMachine", machine, ACCOUNT);
    const { executionArn } = await before.call("states", "StartExecution", { stateMachineArn }, ACCOUNT);
    const begin = before.clock.now();
    await before.clock.advance(1_800_000);
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: begin + 2_400_000, seed: 2 });
    await after.clock.settle();
    expect(after.clock.now()).toBe(begin + 3_600_000);
    const { status } = await after.call("states", "DescribeExecution", { executionArn }, ACCOUNT);
    expect(status).toBe("SUCCEEDED");
    const { events } = await after.call("states", "GetExecutionHistory", { executionArn }, ACCOUNT);
    expect(events?.map(({ id, type }) => `${id} ${type}`)).toEqual([
      "1 ExecutionStarted",
      "2 WaitStateEntered",
      "3 WaitStateExited",
      "4 ExecutionSucceeded",
    ]);
    await after.stop();
  });
});
