import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWebhook, type Webhook } from "./webhook.ts";

let webhook: Webhook;
beforeAll(async () => {
  webhook = await startWebhook({}, false);
});
afterAll(() => webhook[Symbol.asyncDispose]());

const invoke = (name: string, file: string) => webhook.app.invoke(name, webhook.app.sample(file));
const PROBLEMS = /detail\.apiEvent\.target: expected .*; detail\.metadata\.idempotencyKey: missing/;

describe("the sample events", () => {
  it("of the webhook publish an event", async () => {
    expect(await invoke("Webhook", "webhook.json")).toMatchObject({ statusCode: 202 });
    await webhook.app.settle();
    expect((await webhook.app.logs("HandleEvent")).map(({ json }) => json?.["message"])).toContain("event received");
  });

  it("without a query are refused", async () => {
    expect(await invoke("Webhook", "webhook.bad.json")).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining("expected one of lambda, sfn, apigw"),
    });
  });

  it("of the targets are received once at each", async () => {
    await invoke("HandleEvent", "handle-event.json");
    const first = { correlationId: "order-7", eventId: "6a7e4feb-b491-4cf7-a9f1-bf3703467718", isFirst: true };
    expect(await invoke("LogEvent", "log-event.json")).toEqual(first);
    expect(await invoke("LogEvent", "log-event.json")).toEqual({ ...first, isFirst: false });
    const answer = (await invoke("ReceiveRequest", "receive-request.json")) as { statusCode: number; body: string };
    expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([200, first]);
    const targets = (await webhook.receipts("7:1")).map(({ target }) => target);
    expect(targets.sort()).toEqual(["apigw", "lambda", "sfn"]);
  });

  it("that are none are refused by field", async () => {
    for (const [name, file] of [
      ["HandleEvent", "handle-event.bad.json"],
      ["LogEvent", "log-event.bad.json"],
    ] as const)
      await expect(invoke(name, file)).rejects.toMatchObject({ name: "InputInvalid" });
    await expect(invoke("HandleEvent", "handle-event.bad.json")).rejects.toThrow(PROBLEMS);
    expect(await invoke("ReceiveRequest", "receive-request.bad.json")).toMatchObject({
      statusCode: 400,
      body: expect.stringContaining("body.detail.apiEvent.target"),
    });
  });
});
