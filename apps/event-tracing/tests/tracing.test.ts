import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GetTraceGraphCommand, GetTraceSummariesCommand, XRayClient } from "@aws-sdk/client-xray";
import { type Part, startWebhook, type Webhook } from "./webhook.ts";

let webhook: Webhook;
beforeAll(async () => {
  webhook = await startWebhook();
});
afterAll(() => webhook[Symbol.asyncDispose]());

/** All segments and subsegments below each other, by id. */
function partsOf(parts: readonly Part[], around?: Part): (Part & { readonly around: Part | undefined })[] {
  return parts.flatMap((part) => [{ ...part, around }, ...partsOf(part.subsegments ?? [], part)]);
}

/** The way from the client to a part, by names and kinds. */
function wayTo(segments: readonly Part[], last: Part): string[] {
  const all = partsOf(segments);
  const way: string[] = [];
  let part = all.find(({ id }) => id === last.id);
  while (part) {
    const at = part;
    if (at.origin !== undefined) way.unshift(at.origin);
    part = all.find(({ id }) => id === (at.around?.id ?? at.parent_id));
  }
  return way;
}

const WEBHOOK = ["AWS::ApiGateway::Stage", "AWS::Lambda", "AWS::Lambda::Function", "AWS::Events"];

describe("one trace", () => {
  it.each([
    ["lambda", "HandleEvent", []],
    ["sfn", "LogEvent", ["AWS::StepFunctions::StateMachine"]],
    ["apigw", "ReceiveRequest", ["AWS::ApiGateway::Stage"]],
  ])("goes from the webhook through the bus to %s, and to what it calls", async (target, last, between) => {
    const { traceId, eventId } = await webhook.publish(`?target=${target}`);
    const segments = await webhook.segments(traceId);
    const name = webhook.app.resource(last);
    const own = segments.find((part) => part.name === name && part.origin === "AWS::Lambda::Function");
    expect(own).toBeDefined();
    const way = wayTo(segments, own as Part);
    expect(way).toEqual([...WEBHOOK, ...between, "AWS::Lambda", "AWS::Lambda::Function"]);
    const all = partsOf(segments);
    // The receipt that the function writes is in the trace as well, by its instrumented client.
    const put = all.find((part) => part.name === "DynamoDB");
    expect(put && wayTo(segments, put)).toEqual(way);
    expect(all.filter(({ in_progress: isOpen }) => isOpen)).toEqual([]);
    expect(all.filter(({ fault }) => fault)).toEqual([]);
    const lines = await webhook.app.logs(last);
    expect(lines.map(({ json }) => json?.["event"])).toContain(eventId);
  });

  it("goes on with the trace that the sender has begun", async () => {
    const root = "1-70000000-0123456789abcdef01234567";
    const headers = { "x-amzn-trace-id": `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1` };
    expect(await webhook.publish("?target=lambda", { headers })).toMatchObject({ traceId: root });
    const stage = (await webhook.segments(root)).find(({ origin }) => origin === "AWS::ApiGateway::Stage");
    expect(stage?.parent_id).toBe("53995c3f42cd8ad8");
  });

  it("is not recorded when the sender says so, and the event goes its way all the same", async () => {
    const root = "1-70000000-0123456789abcdef0123456a";
    const headers = { "x-amzn-trace-id": `Root=${root};Sampled=0`, "idempotency-key": "unsampled" };
    await webhook.publish("?target=apigw", { headers });
    expect(await webhook.segments(root)).toEqual([]);
    expect(await webhook.receipts("unsampled")).toMatchObject([{ target: "apigw", traceId: root }]);
  });

  it("is found by the correlation id, and drawn as a map", async () => {
    const xray = webhook.app.client(XRayClient);
    const { traceId } = await webhook.publish("?target=sfn", { headers: { "x-correlation-id": "order-7" } });
    const now = webhook.app.cloud.clock.now();
    const { TraceSummaries = [] } = await xray.send(
      new GetTraceSummariesCommand({
        StartTime: new Date(now - 3_600_000),
        EndTime: new Date(now + 1_000),
        FilterExpression: 'annotation.CorrelationId = "order-7" AND annotation.Target = "sfn"',
      }),
    );
    expect(TraceSummaries).toMatchObject([{ Id: traceId, HasFault: false, Http: { HttpStatus: 202 } }]);
    const { Services = [] } = await xray.send(new GetTraceGraphCommand({ TraceIds: [traceId] }));
    expect(Services.map(({ Type }) => Type)).toEqual(
      expect.arrayContaining(["client", ...WEBHOOK, "AWS::StepFunctions::StateMachine", "AWS::DynamoDB::Table"]),
    );
  });

  it("shows which target failed", async () => {
    const fault = webhook.app.cloud.faults.add({
      service: "dynamodb",
      error: { name: "InternalServerError", status: 500 },
    });
    const answer = await webhook.call("?target=apigw");
    const { traceId } = (await answer.json()) as { traceId: string };
    await webhook.app.advance(20);
    fault.remove();
    await webhook.app.settle();
    const segments = await webhook.segments(traceId);
    const api = segments.filter(({ name, origin }) => origin === "AWS::ApiGateway::Stage" && name.includes("/Prod"));
    // The first try at the target failed, a later one did not.
    expect(api.map(({ fault: failed }) => failed ?? false).sort()).toEqual(expect.arrayContaining([false, true]));
    expect(segments.find(({ origin }) => origin === "AWS::Events")).not.toHaveProperty("fault");
  });
});

describe("without a collector", () => {
  it("the trace id still goes from end to end", async () => {
    await using untraced = await startWebhook({}, false);
    const { traceId } = await untraced.publish("?target=sfn", { headers: { "idempotency-key": "k" } });
    expect(await untraced.receipts("k")).toMatchObject([{ target: "sfn", traceId }]);
    const lines = await untraced.app.logs("LogEvent");
    expect(lines.find(({ json }) => json?.["message"] === "event received")?.json).toMatchObject({
      published_in: traceId,
      xray_trace_id: traceId,
    });
  });
});
