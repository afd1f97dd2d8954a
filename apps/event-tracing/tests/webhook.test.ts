/** Who gets in, and what becomes of a request on its way to the bus. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWebhook, type Webhook } from "./webhook.ts";

let webhook: Webhook;
beforeAll(async () => {
  webhook = await startWebhook({ AlarmEmail: "desk@example.com" }, false);
});
afterAll(() => webhook[Symbol.asyncDispose]());

const detailOf = async (answer: Response) => [answer.status, ((await answer.json()) as { detail: string }).detail];

describe("a request", () => {
  it("without the key, or with a wrong one, gets nowhere", async () => {
    for (const key of ["", "wrong"])
      expect((await webhook.call("?target=lambda", { headers: { "x-api-key": key } })).status).toBe(403);
  });

  it.each([
    "",
    "?target=",
    "?target=sqs",
    "?target=LAMBDA",
    "?colour=green",
    "?target=lambda&target=sqs",
    "?target=__proto__",
  ])("with the query '%s' is refused with the list of targets, and publishes nothing", async (query) => {
    const answer = await webhook.call(query);
    expect(await detailOf(answer)).toEqual([400, "query.target: expected one of lambda, sfn, apigw"]);
  });

  it.each([
    ["a body that is no JSON", "?target=sfn", { body: "{" }, "body: not valid JSON"],
    ["a list as body", "?target=sfn", { body: "[1]" }, "payload: expected record"],
    ["a parameter with a line break", "?target=sfn&note=a%0Ab", {}, "apiEvent.note: has the wrong form"],
    [
      "a parameter that is too long",
      `?target=sfn&note=${"x".repeat(1_025)}`,
      {},
      "apiEvent.note: expected at most 1024 characters",
    ],
    [
      "an idempotency key with a space",
      "?target=sfn",
      { headers: { "idempotency-key": "a b" } },
      "metadata.idempotencyKey: has the wrong form",
    ],
  ])("with %s is refused by field", async (_what, query, request, detail) => {
    expect(await detailOf(await webhook.call(query, request))).toEqual([400, detail]);
  });

  it("is taken up to the size that an event may have, and not beyond", async () => {
    const body = (length: number) => JSON.stringify({ text: "x".repeat(length) });
    expect((await webhook.call("?target=apigw", { body: body(249_500) })).status).toBe(202);
    expect((await webhook.call("?target=apigw", { body: body(250_000) })).status).toBe(413);
    await webhook.app.settle();
  });

  it("is answered with what it can be followed by, as soon as it is on the bus", async () => {
    const answer = await webhook.call("?target=lambda&colour=green", { headers: { "x-correlation-id": "order-7" } });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([202, "no-store"]);
    expect(await answer.json()).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      traceId: expect.stringMatching(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
      correlationId: "order-7",
      target: "lambda",
    });
    await webhook.app.settle();
  });

  it.each(["GET", "POST"])("by %s reaches its target, other parameters with it", async (method) => {
    const headers = { "idempotency-key": `by-${method}` };
    const { eventId } = await webhook.publish("?target=sfn&colour=green", { method, headers });
    expect(await webhook.receipts(`by-${method}`)).toMatchObject([{ target: "sfn", eventId }]);
  });

  it("carries its correlation id through the logs of all functions; values of parameters and bodies are in none", async () => {
    const headers = { "x-correlation-id": "case-1" };
    await webhook.publish("?target=lambda&token=SECRET-1", { headers, body: '{"password":"SECRET-2"}' });
    for (const name of ["Webhook", "HandleEvent"]) {
      const lines = await webhook.app.logs(name);
      expect(lines.some(({ json }) => json?.["correlation_id"] === "case-1")).toBe(true);
      expect(lines.map(({ message }) => message).join()).not.toMatch(/SECRET/);
    }
    const published = (await webhook.app.logs("Webhook")).find(({ json }) => json?.["correlation_id"] === "case-1");
    expect(published?.json).toMatchObject({ message: "event published", parameters: ["target", "token"] });
  });

  it("that comes twice, one after the other or at once, is received once", async () => {
    const headers = { "idempotency-key": "twice" };
    const first = await webhook.publish("?target=apigw", { headers });
    await Promise.all([1, 2].map(() => webhook.call("?target=apigw", { headers })));
    await webhook.app.settle();
    expect(await webhook.receipts("twice")).toMatchObject([{ target: "apigw", eventId: first.eventId }]);
    const lines = (await webhook.app.logs("ReceiveRequest")).filter(
      ({ json }) => json?.["message"] === "event received",
    );
    expect(lines.filter(({ json }) => json?.["first"] === false)).toHaveLength(2);
  });
});

describe("a bus that does not take the event", () => {
  it("is asked again; in the end the sender is told to come again, and somebody is told", async () => {
    const fault = webhook.app.cloud.faults.add({
      service: "events",
      operation: "PutEvents",
      error: "throttle",
      role: "Webhook",
    });
    const answer = await webhook.call("?target=lambda");
    fault.remove();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
    await webhook.app.advance(180);
    expect(JSON.stringify(webhook.app.outbox)).toContain("WebhookAlarm");
  });

  it("refuses a single entry within an answer of success: the sender is told to come again", async () => {
    const EventBusName = webhook.app.resource("Bus");
    const { cloud } = webhook.app;
    // Between the check of the permission and the entry the bus is gone: EventBridge answers 200 with FailedEntryCount 1.
    const buses = cloud.storage.map<{ name: string }>("events.buses");
    const bus = buses.get(EventBusName);
    buses.delete(EventBusName);
    const answer = await webhook.call("?target=lambda");
    if (bus) buses.set(EventBusName, bus);
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "30"]);
  });
});
