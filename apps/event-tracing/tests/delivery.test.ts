/** What becomes of events that do not arrive at once, or never. */
import { DescribeReplayCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWebhook, type Webhook } from "./webhook.ts";

let webhook: Webhook;
beforeAll(async () => {
  webhook = await startWebhook({ AlarmEmail: "desk@example.com", RetryAttempts: "3", MaximumEventAgeSeconds: "600" });
});
afterEach(() => webhook.app.cloud.faults.clear());
afterAll(() => webhook[Symbol.asyncDispose]());

let last = 0;
const newKey = () => `key-${++last}`;
const request = (target: string, metadata: object = {}) =>
  JSON.stringify({ apiEvent: { target }, metadata: { correlationId: "c", idempotencyKey: newKey(), ...metadata } });

describe("an event that nobody wants", () => {
  const unwanted: readonly (readonly [string, { Source?: string; DetailType?: string; Detail: string }])[] = [
    ["for an unknown target", { Detail: request("sqs") }],
    ["without a target", { Detail: '{"apiEvent":null}' }],
    ["of another type", { DetailType: "Response", Detail: request("lambda") }],
    ["of another source", { Source: "shop", Detail: request("lambda") }],
  ];
  it.each(unwanted)("%s is caught", async (_what, entry) => {
    await webhook.put(entry);
    const messages = await webhook.app.messages("Unroutable");
    expect(messages.map(({ Body = "" }) => (JSON.parse(Body) as { source: string }).source)).toEqual([
      entry.Source ?? "webhook",
    ]);
  });

  it("is told of by mail, and waits for two weeks", async () => {
    await webhook.put({ Detail: request("nobody") });
    await webhook.app.advance(13 * 86_400);
    expect(JSON.stringify(webhook.app.outbox)).toContain("UnroutableAlarm");
    expect(await webhook.app.messages("Unroutable")).toHaveLength(1);
  });

  it("is none that has a target: those go there, and nowhere else", async () => {
    for (const target of ["lambda", "sfn", "apigw"]) await webhook.publish(`?target=${target}`);
    expect(await webhook.app.messages("Unroutable")).toEqual([]);
  });
});

describe("a target that fails", () => {
  it.each([
    ["apigw", "ReceiveRequest", "SdkServiceException", "MaximumRetryAttempts"],
    ["lambda", "HandleEvent", "AccessDeniedException", undefined],
    ["sfn", "StartRole", "AccessDeniedException", undefined],
  ])(
    "as %s leaves the event in the dead letters with the reason and its correlation, not its trace header",
    async (target, role, error, exhausted) => {
      const { cloud } = webhook.app;
      if (target === "apigw")
        cloud.faults.add({ service: "dynamodb", error: { name: "InternalServerError", status: 500 }, role });
      else
        cloud.faults.add({
          service: target === "sfn" ? "states" : "lambda",
          matching: target === "sfn" ? "LogEvents" : "HandleEvent",
          error: { name: "AccessDeniedException", status: 403 },
        });
      const { traceId } = await webhook.publish(`?target=${target}`, { headers: { "x-correlation-id": "order-7" } });
      const [letter, ...others] = await webhook.app.messages("DeadLetters");
      expect(others).toEqual([]);
      expect(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue).toBe(error);
      expect(letter?.MessageAttributes?.["EXHAUSTED_RETRY_CONDITION"]?.StringValue).toBe(exhausted);
      expect(letter?.Attributes).not.toHaveProperty("AWSTraceHeader");
      expect((JSON.parse(letter?.Body ?? "{}") as { detail: object }).detail).toMatchObject({
        metadata: { correlationId: "order-7", traceId },
      });
      const events = (await webhook.segments(traceId)).find(({ origin }) => origin === "AWS::Events");
      expect(events).toMatchObject({ fault: true, subsegments: [{ fault: true }] });
    },
  );

  it("for a while gets the event later, once", async () => {
    const fault = webhook.app.cloud.faults.add({
      service: "dynamodb",
      operation: "PutItem",
      error: "throttle",
      times: 9,
      role: "ReceiveRequest",
    });
    const { eventId } = await webhook.publish("?target=apigw", { headers: { "idempotency-key": "later" } });
    expect(fault.hits).toBe(9);
    expect(await webhook.receipts("later")).toMatchObject([{ target: "apigw", eventId }]);
    expect(await webhook.app.messages("DeadLetters")).toEqual([]);
  });

  it("loses its answer and does its work once all the same", async () => {
    webhook.app.cloud.faults.add({
      service: "dynamodb",
      operation: "PutItem",
      error: { name: "InternalServerError", status: 500 },
      afterwards: true,
      times: 1,
    });
    await webhook.publish("?target=sfn", { headers: { "idempotency-key": "unsaid" } });
    expect(await webhook.receipts("unsaid")).toHaveLength(1);
  });

  it("as the state machine ends by its own error, and goes on when somebody redrives it", async () => {
    const { app } = webhook;
    const fault = app.cloud.faults.add({
      service: "dynamodb",
      error: { name: "InternalServerError", status: 500 },
      role: "LogEvent",
    });
    await webhook.publish("?target=sfn", { headers: { "idempotency-key": "redriven" } });
    fault.remove();
    const states = app.client(SFNClient);
    const failed = await states.send(
      new ListExecutionsCommand({ stateMachineArn: app.resource("LogEvents"), statusFilter: "FAILED" }),
    );
    const executionArn = failed.executions?.[0]?.executionArn;
    expect((await states.send(new DescribeExecutionCommand({ executionArn }))).error).toBe("InternalServerError");
    expect(await app.messages("DeadLetters")).toEqual([]);
    await states.send(new RedriveExecutionCommand({ executionArn }));
    await app.settle();
    expect(await webhook.receipts("redriven")).toMatchObject([{ target: "sfn" }]);
  });

  it("and whose dead letter cannot be sent either rings an alarm, and the archive has the event", async () => {
    const { app } = webhook;
    const [error, start] = [{ name: "InternalFailure", status: 500 }, app.cloud.clock.now()];
    const faults = ["dynamodb", "sqs"].map((service) => app.cloud.faults.add({ service, error, role: "HandleEvent" }));
    await webhook.publish("?target=lambda", { headers: { "idempotency-key": "archived" } });
    await app.advance(600);
    for (const fault of faults) fault.remove();
    expect(JSON.stringify(app.outbox)).toContain("LettersLostAlarm");
    await webhook.replay("archived", start - 1_000, app.cloud.clock.now());
    await app.settle();
    expect(await webhook.receipts("archived")).toMatchObject([{ target: "lambda" }]);
    await app.messages("DeadLetters");
  });

  it.each([
    ["lambda", "function"],
    ["sfn", "state machine"],
    ["apigw", "API"],
  ])("as %s gets no valid event puts it aside, its neighbours are received", async (target) => {
    const idempotencyKey = newKey();
    await webhook.put({ Detail: request(target, { correlationId: "poison\n" }) });
    await webhook.put({ Detail: request(target, { idempotencyKey }) });
    expect(await webhook.receipts(idempotencyKey)).toHaveLength(1);
    const [letter, ...others] = await webhook.app.messages("DeadLetters");
    expect(others).toEqual([]);
    expect(`${letter?.Body} ${JSON.stringify(letter?.MessageAttributes)}`).toMatch(
      /correlationId: has the wrong form|InvalidRequest/,
    );
  });
});

it("a replay does nothing about what has arrived, brings what has not, and carries no old trace", async () => {
  const { app } = webhook;
  const bus = app.client(EventBridgeClient);
  await app.advance(3_600);
  const start = app.cloud.clock.now();
  const arrived = await webhook.publish("?target=lambda", { headers: { "idempotency-key": "arrived" } });
  app.cloud.faults.add({
    service: "lambda",
    operation: "Invoke",
    matching: "HandleEvent",
    error: { name: "AccessDeniedException" },
    times: 1,
  });
  const lost = await webhook.publish("?target=lambda", { headers: { "idempotency-key": "lost" } });
  expect(await webhook.receipts("lost")).toEqual([]);
  await app.advance(60);
  await webhook.replay("again", start - 1_000, app.cloud.clock.now());
  await app.settle();
  expect((await bus.send(new DescribeReplayCommand({ ReplayName: "again" }))).State).toBe("COMPLETED");
  expect(await webhook.receipts("arrived")).toMatchObject([{ eventId: arrived.eventId, traceId: arrived.traceId }]);
  // It is known in which trace the event was published; the replay is not part of that trace.
  expect(await webhook.receipts("lost")).toMatchObject([{ eventId: lost.eventId, traceId: lost.traceId }]);
  const functions = (await webhook.segments(lost.traceId)).filter(({ name }) => name === app.resource("HandleEvent"));
  expect(functions).toEqual([]);
});
