import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";

let cloud: TestCloud;
let events: EventBridgeClient;
let sqs: SQSClient;
beforeEach(async () => {
  cloud = await testCloud();
  events = cloud.client(EventBridgeClient);
  sqs = cloud.client(SQSClient);
});
afterEach(() => cloud.stop());

/** A queue that EventBridge may send to. */
async function queue(name: string, isOpen = true): Promise<{ url: string; arn: string; read(): Promise<unknown[]> }> {
  const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
  const arn = Attributes?.["QueueArn"] ?? "";
  const Policy = JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: arn },
    ],
  });
  if (isOpen) await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { Policy } }));
  const read = async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    return Messages.map(({ Body = "", MessageAttributes }) => ({
      body: JSON.parse(Body) as unknown,
      ...(MessageAttributes ? { attributes: MessageAttributes } : {}),
    }));
  };
  return { url, arn, read };
}

async function ruleTo(arn: string, pattern: object, extra: object = {}): Promise<void> {
  await events.send(new PutRuleCommand({ Name: "r", EventPattern: JSON.stringify(pattern) }));
  const { FailedEntryCount } = await events.send(
    new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "t", Arn: arn, ...extra }] }),
  );
  expect(FailedEntryCount).toBe(0);
}

const put = (detail: object, source = "shop", more: object = {}) =>
  events.send(
    new PutEventsCommand({
      Entries: [{ Source: source, DetailType: "order", Detail: JSON.stringify(detail), ...more }],
    }),
  );

describe("an event on the default bus", () => {
  it("reaches the target of a rule that matches, in the documented envelope", async () => {
    const { arn, read } = await queue("q");
    await ruleTo(arn, { source: ["shop"], detail: { total: [{ numeric: [">", 10] }] } });
    const { Entries } = await put({ total: 11 });
    await put({ total: 9 });
    await cloud.clock.settle();
    expect(await read()).toEqual([
      {
        body: {
          version: "0",
          id: Entries?.[0]?.EventId,
          "detail-type": "order",
          source: "shop",
          account: "123456789012",
          time: "2030-01-07T12:00:00Z",
          region: "us-east-1",
          resources: [],
          detail: { total: 11 },
        },
      },
    ]);
  });

  it.each([
    ["a path", { InputPath: "$.detail.items[1]" }, { id: "b" }],
    ["a constant", { Input: '{"fixed":1}' }, { fixed: 1 }],
    [
      "a template",
      {
        InputTransformer: {
          InputPathsMap: { id: "$.detail.items[0].id", all: "$.detail.items", none: "$.detail.none" },
          InputTemplate: '{"text": "id <id>, rule <aws.events.rule-name>", "id": <id>, "all": <all>}',
        },
      },
      { text: "id a, rule r", id: "a", all: [{ id: "a" }, { id: "b" }] },
    ],
  ])("is shaped by %s", async (_name, shaping, expected) => {
    const { arn, read } = await queue("q");
    await ruleTo(arn, { source: ["shop"] }, shaping);
    await put({ items: [{ id: "a" }, { id: "b" }] });
    await cloud.clock.settle();
    expect(await read()).toEqual([{ body: expected }]);
  });

  it("goes to the dead-letter queue with the reason when the target refuses it", async () => {
    const closed = await queue("closed", false);
    const dead = await queue("dead");
    await ruleTo(closed.arn, { source: ["shop"] }, { DeadLetterConfig: { Arn: dead.arn } });
    await put({ n: 1 });
    await cloud.clock.settle();
    expect(await dead.read()).toMatchObject([
      {
        body: { detail: { n: 1 } },
        attributes: {
          ERROR_CODE: { StringValue: "AccessDenied" },
          TARGET_ARN: { StringValue: closed.arn },
          RETRY_ATTEMPTS: { StringValue: "0" },
        },
      },
    ]);
  });

  it("is sent again while the target is throttled, and arrives once", async () => {
    const { arn, read } = await queue("q");
    await ruleTo(arn, { source: ["shop"] });
    cloud.faults.add({ service: "sqs", operation: "SendMessage", error: "throttle", times: 3 });
    const before = cloud.clock.now();
    await put({ n: 1 });
    await cloud.clock.settle();
    expect(await read()).toHaveLength(1);
    expect(cloud.clock.now() - before).toBeGreaterThan(3_000);
  });

  it("gives up after the attempts that the target allows", async () => {
    const { arn } = await queue("q");
    const dead = await queue("dead");
    await ruleTo(
      arn,
      { source: ["shop"] },
      { RetryPolicy: { MaximumRetryAttempts: 2 }, DeadLetterConfig: { Arn: dead.arn } },
    );
    cloud.faults.add({ service: "sqs", operation: "SendMessage", error: "throttle", times: 3 });
    await put({ n: 1 });
    await cloud.clock.settle();
    expect(await dead.read()).toMatchObject([
      {
        attributes: {
          EXHAUSTED_RETRY_CONDITION: { StringValue: "MaximumRetryAttempts" },
          RETRY_ATTEMPTS: { StringValue: "2" },
        },
      },
    ]);
  });
});

describe("what PutEvents refuses", () => {
  it("is told entry by entry; the good ones go through", async () => {
    const { Entries, FailedEntryCount } = await events.send(
      new PutEventsCommand({
        Entries: [
          { Source: "shop", DetailType: "order", Detail: "{}" },
          { Source: "shop", DetailType: "order", Detail: "{" },
          { Source: "shop", DetailType: "order", Detail: "[]" },
          { Source: "shop", Detail: "{}" },
          { Source: "aws.s3", DetailType: "order", Detail: "{}" },
          { Source: "shop", DetailType: "order", Detail: "{}", EventBusName: "nowhere" },
        ],
      }),
    );
    expect(FailedEntryCount).toBe(5);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "MalformedDetail",
      "MalformedDetail",
      "InvalidArgument",
      "NotAuthorizedForSourceException",
      "ResourceNotFoundException",
    ]);
  });

  it("as a whole: more than ten entries, or more than 1 MB", async () => {
    const entry = { Source: "shop", DetailType: "order", Detail: "{}" };
    await expect(
      events.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry) })),
    ).rejects.toThrow("Member must have length less than or equal to 10");
    await expect(put({ long: "x".repeat(1_048_576) })).rejects.toThrow(
      "Total size of the entries in the request is over the limit.",
    );
  });
});

describe("a schedule", () => {
  it("fires at its rate until it is disabled, and keeps firing through a month", async () => {
    const { arn, read } = await queue("q");
    await events.send(new PutRuleCommand({ Name: "hourly", ScheduleExpression: "rate(12 hours)" }));
    await events.send(new PutTargetsCommand({ Rule: "hourly", Targets: [{ Id: "t", Arn: arn }] }));
    await cloud.clock.advance(25 * 3_600_000);
    const fired = (await read()) as { body: { time: string; "detail-type": string; source: string } }[];
    expect(fired.map(({ body }) => body.time)).toEqual(["2030-01-08T00:00:00Z", "2030-01-08T12:00:00Z"]);
    expect(fired[0]?.body).toMatchObject({ "detail-type": "Scheduled Event", source: "aws.events" });
    await events.send(new PutRuleCommand({ Name: "hourly", ScheduleExpression: "rate(12 hours)", State: "DISABLED" }));
    await cloud.clock.advance(10 * 86_400_000);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: (await queue("other")).url, AttributeNames: ["All"] }),
    );
    expect(Attributes?.["ApproximateNumberOfMessages"]).toBe("0");
  });

  it.each(["rate(1 minutes)", "every day", "cron(0 0 * * *)"])("%s is refused", (ScheduleExpression) =>
    expect(events.send(new PutRuleCommand({ Name: "x", ScheduleExpression }))).rejects.toThrow(
      "Parameter ScheduleExpression is not valid.",
    ),
  );
});

describe("a custom bus with an archive", () => {
  it("replays what it has kept, to its own rules, marked as a replay", async () => {
    const { EventBusArn = "" } = await events.send(new CreateEventBusCommand({ Name: "orders" }));
    const { ArchiveArn } = await events.send(
      new CreateArchiveCommand({ ArchiveName: "a", EventSourceArn: EventBusArn }),
    );
    await put({ n: 1 }, "shop", { EventBusName: "orders" });
    const { arn, read } = await queue("q");
    await events.send(new PutRuleCommand({ Name: "r", EventBusName: "orders", EventPattern: '{"source":["shop"]}' }));
    await events.send(new PutTargetsCommand({ Rule: "r", EventBusName: "orders", Targets: [{ Id: "t", Arn: arn }] }));
    const start = new Date(cloud.clock.now() - 60_000);
    await events.send(
      new StartReplayCommand({
        ReplayName: "again",
        EventSourceArn: ArchiveArn,
        EventStartTime: start,
        EventEndTime: new Date(cloud.clock.now() + 60_000),
        Destination: { Arn: EventBusArn },
      }),
    );
    await cloud.clock.settle();
    expect(await read()).toMatchObject([{ body: { detail: { n: 1 }, "replay-name": "again" } }]);
    expect((await events.send(new DescribeReplayCommand({ ReplayName: "again" }))).State).toBe("COMPLETED");
  });
});

describe("administration", () => {
  it("pages through rules", async () => {
    for (const Name of ["a", "b", "c"])
      await events.send(new PutRuleCommand({ Name, EventPattern: '{"source":["x"]}' }));
    const first = await events.send(new ListRulesCommand({ Limit: 2 }));
    const second = await events.send(new ListRulesCommand({ Limit: 2, NextToken: first.NextToken }));
    expect([first.Rules?.length, second.Rules?.length, second.NextToken]).toEqual([2, 1, undefined]);
  });

  it("tests a pattern, and says what is wrong with one", async () => {
    const Event = JSON.stringify({
      id: "1",
      account: "1",
      source: "shop",
      time: "t",
      region: "r",
      resources: [],
      "detail-type": "d",
      detail: {},
    });
    expect(
      (await events.send(new TestEventPatternCommand({ EventPattern: '{"source":["shop"]}', Event }))).Result,
    ).toBe(true);
    await expect(events.send(new PutRuleCommand({ Name: "x", EventPattern: '{"source":"shop"}' }))).rejects.toThrow(
      'Event pattern is not valid. Reason: "source" must be an object or an array',
    );
  });
});
