/** The operations of X-Ray, by its SDK client. */
import {
  BatchGetTracesCommand,
  GetServiceGraphCommand,
  GetTraceGraphCommand,
  GetTraceSummariesCommand,
  PutTraceSegmentsCommand,
  XRayClient,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asRole } from "../../core/principal.ts";
import { testCloud, type TestCloud } from "../../testing.ts";
import { makeRole } from "../lambda/testing/lambda-stage.ts";

let cloud: TestCloud;
let client: XRayClient;
let now: number;
beforeAll(async () => {
  cloud = await testCloud();
  client = cloud.client(XRayClient, { maxAttempts: 1 });
  now = cloud.clock.now() / 1000;
});
afterAll(() => cloud[Symbol.asyncDispose]());

let last = 0;
const hex = (digits: number) => (++last).toString(16).padStart(digits, "0");
const newTrace = () => `1-${Math.floor(now).toString(16)}-${hex(24)}`;
const segment = (trace_id: string, fields: object = {}) => ({
  id: hex(16),
  trace_id,
  name: "shop",
  start_time: now,
  end_time: now + 0.5,
  ...fields,
});
const put = (...documents: readonly object[]) =>
  client.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents.map((document) => JSON.stringify(document)) }),
  );
const range = () => ({ StartTime: new Date(1000 * (now - 60)), EndTime: new Date(1000 * (now + 60)) });
const idsOf = async (FilterExpression: string) => {
  const { TraceSummaries = [] } = await client.send(new GetTraceSummariesCommand({ ...range(), FilterExpression }));
  return TraceSummaries.map(({ Id }) => Id);
};

describe("PutTraceSegments", () => {
  it("takes segments and answers them as they came, a complete one in place of its beginning", async () => {
    const id = newTrace();
    const { end_time: _, ...begun } = segment(id);
    await put({ ...begun, in_progress: true });
    const whole = { ...begun, end_time: now + 2 };
    await put(whole);
    await put({ ...begun, in_progress: true });
    const { Traces, UnprocessedTraceIds } = await client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
    expect(UnprocessedTraceIds).toEqual([]);
    expect(Traces).toHaveLength(1);
    expect(Traces?.[0]).toMatchObject({ Id: id, LimitExceeded: false, Duration: 2 });
    expect(Traces?.[0]?.Segments).toEqual([{ Id: begun.id, Document: JSON.stringify(whole) }]);
  });

  it.each([
    ["without an id", { id: undefined }, "MissingId"],
    ["with a short id", { id: "abc" }, "InvalidId"],
    ["without a trace", { trace_id: undefined }, "MissingTraceId"],
    ["of no trace", { trace_id: "1-2-3" }, "InvalidTraceId"],
    ["without a name", { name: "" }, "MissingName"],
    ["with a name of 201 characters", { name: "x".repeat(201) }, "InvalidName"],
    ["without a start", { start_time: undefined }, "MissingStartTime"],
    ["without an end", { end_time: undefined }, "MissingEndTime"],
    ["that is a subsegment of nothing", { type: "subsegment" }, "MissingParentId"],
    [
      "with a subsegment without a name",
      { subsegments: [{ id: "1".repeat(16), start_time: 1, end_time: 1 }] },
      "MissingName",
    ],
    ["of more than 64 kB", { metadata: { a: "x".repeat(64 * 1024) } }, "SegmentTooLarge"],
  ])("refuses one %s, and takes its neighbours", async (_what, fields, code) => {
    const id = newTrace();
    const wrong = segment(id, fields);
    const { UnprocessedTraceSegments = [] } = await put(segment(id), wrong, segment(id));
    expect(UnprocessedTraceSegments).toEqual([
      {
        ...(wrong.id === undefined ? {} : { Id: wrong.id }),
        ErrorCode: code,
        Message: `Invalid segment. ErrorCode: ${code}`,
      },
    ]);
    const { Traces } = await client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
    expect(Traces?.[0]?.Segments).toHaveLength(2);
  });

  it("refuses what is no JSON", async () => {
    const { UnprocessedTraceSegments = [] } = await client.send(
      new PutTraceSegmentsCommand({ TraceSegmentDocuments: ["{", "[]", "1"] }),
    );
    expect(UnprocessedTraceSegments.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "ParseError",
      "ParseError",
      "ParseError",
    ]);
  });

  it.each([0, 51])("refuses %i documents at once", async (count) => {
    const documents = Array.from({ length: count }, () => segment(newTrace()));
    await expect(put(...documents)).rejects.toMatchObject({ name: "InvalidRequestException" });
  });

  it("is for those who may", async () => {
    const role = asRole(await makeRole(cloud, "mute", []), "mute");
    await expect(cloud.call("xray", "PutTraceSegments", { TraceSegmentDocuments: ["{}"] }, role)).rejects.toMatchObject(
      {
        name: "AccessDeniedException",
        message: expect.stringContaining("xray:PutTraceSegments"),
      },
    );
  });
});

describe("GetTraceSummaries", () => {
  it("says what a trace was about", async () => {
    const id = newTrace();
    const root = segment(id, {
      origin: "AWS::ApiGateway::Stage",
      name: "api/Prod",
      resource_arn: "arn:stage",
      error: true,
      http: { request: { url: "https://a/b", method: "POST", client_ip: "10.0.0.1" }, response: { status: 404 } },
    });
    const inner = segment(id, { parent_id: root.id, fault: true, end_time: now + 2, annotations: { order: "o-1" } });
    await put(inner, root);
    const FilterExpression = `traceid = "${id}"`;
    const { TraceSummaries } = await client.send(new GetTraceSummariesCommand({ ...range(), FilterExpression }));
    expect(TraceSummaries).toEqual([
      expect.objectContaining({
        Id: id,
        Duration: 2,
        ResponseTime: 0.5,
        HasFault: true,
        HasError: true,
        HasThrottle: false,
        IsPartial: false,
        Http: { HttpURL: "https://a/b", HttpMethod: "POST", ClientIp: "10.0.0.1", HttpStatus: 404 },
        EntryPoint: expect.objectContaining({ Name: "api/Prod", Type: "AWS::ApiGateway::Stage" }),
        Annotations: { order: [{ AnnotationValue: { StringValue: "o-1" }, ServiceIds: [] }] },
        ResourceARNs: [{ ARN: "arn:stage" }],
      }),
    ]);
  });

  it("filters by expressions", async () => {
    const [slow, failed] = [newTrace(), newTrace()];
    const type = "AWS::Lambda::Function";
    await put(
      segment(slow, { end_time: now + 9, name: "slow-fn", origin: type, annotations: { App: "x", size: 3 } }),
      segment(failed, { fault: true, name: "failed-fn", origin: type, http: { response: { status: 500 } } }),
    );
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['service("slow-fn")', [slow]],
      ['service(id(name: "failed-fn", type: "AWS::Lambda::Function")) { fault }', [failed]],
      ['service("slow-fn") { fault }', []],
      ['responsetime > 5 AND annotation.App = "x"', [slow]],
      ["annotation[size] >= 3 AND duration < 10", [slow]],
      ['(http.status = 500 OR responsetime > 5) AND !(name CONTAINS "slow")', [failed]],
      ['name BEGINSWITH "failed" AND NOT ok = true', [failed]],
      ['fault = true AND name ENDSWITH "ed-fn"', [failed]],
    ];
    for (const [expression, ids] of cases) expect([expression, await idsOf(expression)]).toEqual([expression, ids]);
  });

  it.each([
    "fault AND",
    "(fault",
    "weather = 1",
    'edge("a", "b")',
    "fault fault",
    "service(",
    "%",
    "annotation[",
    "duration >",
  ])("refuses the expression %s", async (expression) => {
    await expect(idsOf(expression)).rejects.toMatchObject({ name: "InvalidRequestException" });
  });

  it("looks at a day at most, from its start to its end", async () => {
    const ask = (StartTime: number, EndTime: number) =>
      client.send(new GetTraceSummariesCommand({ StartTime: new Date(StartTime), EndTime: new Date(EndTime) }));
    await expect(ask(0, 86_400_001)).rejects.toMatchObject({ name: "InvalidRequestException" });
    await expect(ask(1_000, 0)).rejects.toMatchObject({ name: "InvalidRequestException" });
    expect((await ask(0, 86_400_000)).TraceSummaries).toEqual([]);
  });

  it("answers a hundred at a time, the latest first", async () => {
    const ids = Array.from({ length: 120 }, newTrace);
    for (let from = 0; from < ids.length; from += 40)
      await put(...ids.slice(from, from + 40).map((id) => segment(id, { name: "many" })));
    const FilterExpression = 'service("many")';
    const first = await client.send(new GetTraceSummariesCommand({ ...range(), FilterExpression }));
    const { NextToken } = first;
    const second = await client.send(new GetTraceSummariesCommand({ ...range(), FilterExpression, NextToken }));
    const found = [...(first.TraceSummaries ?? []), ...(second.TraceSummaries ?? [])].map(({ Id }) => Id);
    expect([first.TraceSummaries?.length, second.NextToken]).toEqual([100, undefined]);
    expect(found).toEqual(ids.reverse());
  });
});

describe("the service map", () => {
  it("shows who called whom, services without segments of their own too, with counts", async () => {
    const ids = [newTrace(), newTrace()];
    for (const [index, id] of ids.entries()) {
      const call = { id: hex(16), name: "EventBridge", namespace: "aws", start_time: now, end_time: now + 0.1 };
      const table = { ...call, id: hex(16), name: "DynamoDB", aws: { table_name: "orders" } };
      const remote = { ...call, id: hex(16), name: "example.com", namespace: "remote" };
      const webhook = segment(id, { name: "webhook", origin: "AWS::Lambda::Function" });
      // The function's own part comes apart, as the X-Ray SDK sends it.
      const handler = { ...segment(id, { parent_id: webhook.id, type: "subsegment" }), name: "## handler" };
      const events = segment(id, { name: "Events", origin: "AWS::Events", parent_id: call.id, fault: index === 1 });
      await put(events, { ...handler, subsegments: [call, table, remote] }, webhook);
    }
    const { Services = [] } = await client.send(new GetTraceGraphCommand({ TraceIds: ids }));
    const named = (reference: number | undefined) => {
      const found = Services.find(({ ReferenceId }) => ReferenceId === reference);
      return `${found?.Type} ${found?.Name ?? ""}`.trim();
    };
    const edges = Services.flatMap(({ ReferenceId, Edges = [] }) =>
      Edges.map((edge) => [named(ReferenceId), named(edge.ReferenceId), edge.SummaryStatistics?.TotalCount]),
    );
    expect(edges).toEqual(
      expect.arrayContaining([
        ["client", "AWS::Lambda::Function webhook", 2],
        ["AWS::Lambda::Function webhook", "AWS::Events Events", 2],
        ["AWS::Lambda::Function webhook", "AWS::DynamoDB::Table orders", 2],
        ["AWS::Lambda::Function webhook", "remote example.com", 2],
      ]),
    );
    expect(edges).toHaveLength(4);
    const bus = Services.find(({ Name }) => Name === "Events");
    expect(bus?.SummaryStatistics).toMatchObject({ OkCount: 1, TotalCount: 2, FaultStatistics: { TotalCount: 1 } });
    expect(bus?.ResponseTimeHistogram).toEqual([{ Value: 0.5, Count: 2 }]);
    const all = await client.send(new GetServiceGraphCommand(range()));
    expect(all.Services?.length).toBeGreaterThanOrEqual(Services.length);
  });

  it("looks at six hours at most", async () => {
    const input = { StartTime: new Date(0), EndTime: new Date(6 * 3_600_000 + 1) };
    await expect(client.send(new GetServiceGraphCommand(input))).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
  });

  it.each([[[]], [["1-2-3"]], [Array.from({ length: 6 }, newTraceId)]])(
    "refuses the trace ids %j",
    async (TraceIds) => {
      for (const command of [new GetTraceGraphCommand({ TraceIds }), new BatchGetTracesCommand({ TraceIds })])
        await expect(client.send(command as GetTraceGraphCommand)).rejects.toMatchObject({
          name: "InvalidRequestException",
        });
    },
  );
});

function newTraceId(): string {
  return `1-70000000-${hex(24)}`;
}

describe("what is kept", () => {
  it("is the latest ten thousand segments", async () => {
    const first = newTrace();
    await put(segment(first));
    const filler = newTrace();
    for (let round = 0; round < 200; round++) await put(...Array.from({ length: 50 }, () => segment(filler)));
    const { Traces } = await client.send(new BatchGetTracesCommand({ TraceIds: [first, filler] }));
    expect(Traces?.map(({ Id, Segments }) => [Id, Segments?.length])).toEqual([[filler, 10_000]]);
  });
});
