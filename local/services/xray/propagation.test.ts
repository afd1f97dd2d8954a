/** One trace through services: the header goes from one to the next, and each tells its part. */
import {
  CreateArchiveCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { BatchGetTracesCommand, XRayClient } from "@aws-sdk/client-xray";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Segment, Subsegment } from "../../core/segment.ts";
import { readTraceHeader } from "../../core/trace-header.ts";
import { type LambdaStage, lambdaStage, makeRole } from "../lambda/testing/lambda-stage.ts";
import { makeQueue } from "../lambda/testing/queues.ts";

const ROOT = "1-70000000-0123456789abcdef01234567";
const PARENT = "53995c3f42cd8ad8";
const SAMPLED = `Root=${ROOT};Parent=${PARENT};Sampled=1`;
const MAY_TRACE = { Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" };
const ACTIVE = { TracingConfig: { Mode: "Active" } };
const TELL = `export const handler = async (event) => ({ header: process.env._X_AMZN_TRACE_ID, event });`;

let stage: LambdaStage;
beforeEach(async () => {
  stage = await lambdaStage({ traces: true });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** Makes the requests of an SDK client, which must be of its own (made with a configuration), carry this header. */
function carrying<C extends { middlewareStack: { add: (middleware: never, options: never) => void } }>(
  client: C,
  header: string,
): C {
  const middleware = (next: (args: unknown) => unknown) => (args: { request: { headers: Record<string, string> } }) => {
    args.request.headers["X-Amzn-Trace-Id"] = header;
    return next(args);
  };
  client.middlewareStack.add(middleware as never, { step: "build" } as never);
  return client;
}

async function segmentsOf(traceId = ROOT): Promise<Segment[]> {
  await stage.cloud.clock.settle();
  const { Traces } = await stage.cloud.client(XRayClient).send(new BatchGetTracesCommand({ TraceIds: [traceId] }));
  return (Traces?.[0]?.Segments ?? []).map(({ Document = "" }) => JSON.parse(Document) as Segment);
}
const named = (segments: readonly Segment[], origin: string) => segments.find((segment) => segment.origin === origin);
const names = (parts: readonly Subsegment[] | undefined) => (parts ?? []).map(({ name }) => name);

const invoke = (FunctionName: string, header = SAMPLED, extra: object = {}) =>
  carrying(stage.cloud.client(LambdaClient, {}), header).send(new InvokeCommand({ FunctionName, ...extra }));

describe("a function with active tracing", () => {
  it("has two segments, the second below the first, and its own subsegments below the second", async () => {
    await stage.make("fn", { code: TELL, extra: ACTIVE });
    const answer = JSON.parse((await invoke("fn")).Payload?.transformToString() ?? "") as { header: string };
    const segments = await segmentsOf();
    const service = named(segments, "AWS::Lambda");
    const own = named(segments, "AWS::Lambda::Function");
    expect(service).toMatchObject({ name: "fn", parent_id: PARENT, http: { response: { status: 200 } } });
    expect(own).toMatchObject({ name: "fn", parent_id: service?.id });
    expect(names(own?.subsegments)).toEqual(["Initialization", "Invocation"]);
    expect(readTraceHeader(answer.header)).toEqual({ root: ROOT, parent: own?.id, isSampled: true });
    await invoke("fn");
    const warm = (await segmentsOf()).findLast(({ origin }) => origin === "AWS::Lambda::Function");
    expect(names(warm?.subsegments)).toEqual(["Invocation"]);
  });

  it("hands in what the X-Ray SDK sends to the daemon, before anybody sees that it has ended", async () => {
    const code = `
      import { createSocket } from "node:dgram";
      export const handler = async () => {
        const [Root, Parent] = process.env._X_AMZN_TRACE_ID.split(";").map((field) => field.split("=")[1]);
        const part = { id: "00000000000000ab", trace_id: Root, parent_id: Parent, type: "subsegment", name: "## own", start_time: 1, end_time: 2 };
        const message = Buffer.from('{"format":"json","version":1}\\n' + JSON.stringify(part));
        const [address, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(":");
        createSocket("udp4").send(message, 0, message.length, port, address, () => {});
      };`;
    await stage.make("fn", { code, extra: ACTIVE });
    await invoke("fn");
    expect((await segmentsOf()).map(({ name }) => name)).toContain("## own");
  });

  it("says how it failed", async () => {
    const code = `export const handler = async () => { throw new TypeError("no such thing"); };`;
    await stage.make("fn", { code, extra: ACTIVE });
    await invoke("fn");
    const segments = await segmentsOf();
    expect(named(segments, "AWS::Lambda")).toMatchObject({ fault: true });
    expect(named(segments, "AWS::Lambda::Function")).toMatchObject({
      fault: true,
      cause: { exceptions: [{ type: "TypeError", message: "no such thing" }] },
    });
  });

  it("is in one trace with all attempts at an event, and the time that it waited", async () => {
    const code = `let tries = 0; export const handler = async () => { if (++tries < 2) throw new Error("not yet"); };`;
    await stage.make("fn", { code, extra: ACTIVE });
    await invoke("fn", SAMPLED, { InvocationType: "Event" });
    const services = (await segmentsOf()).filter(({ origin }) => origin === "AWS::Lambda");
    expect(services.map(({ subsegments }) => names(subsegments))).toEqual([
      ["Dwell Time", "Attempt #1"],
      ["Attempt #2"],
    ]);
    expect(services[1]?.start_time).toBe((services[0]?.end_time ?? 0) + 60);
  });

  it("tells nothing of a trace that its caller does not record, or without the permission", async () => {
    await stage.make("fn", { code: TELL, extra: ACTIVE });
    await invoke("fn", SAMPLED.replace("Sampled=1", "Sampled=0"));
    expect(await segmentsOf()).toEqual([]);
    await stage.make("mute", { code: TELL, extra: ACTIVE, may: [] });
    await invoke("mute");
    expect((await segmentsOf()).map(({ origin }) => origin)).toEqual(["AWS::Lambda"]);
    expect(stage.cloud.logged.join()).toContain("xray:PutTraceSegments");
  });
});

it("a function that passes traces through has no segments: what it calls hangs on its caller", async () => {
  await stage.make("fn", { code: TELL });
  const answer = JSON.parse((await invoke("fn")).Payload?.transformToString() ?? "") as { header: string };
  expect(readTraceHeader(answer.header)).toEqual({ root: ROOT, parent: PARENT, isSampled: true });
  expect(await segmentsOf()).toEqual([]);
});

describe("an event on a bus", () => {
  const pattern = JSON.stringify({ source: ["shop"] });
  const events = () => stage.cloud.client(EventBridgeClient, {});
  const publish = (header: string | undefined, TraceHeader?: string, detail: object = {}) =>
    (header === undefined ? events() : carrying(events(), header)).send(
      new PutEventsCommand({
        Entries: [{ Source: "shop", DetailType: "sold", Detail: JSON.stringify(detail), TraceHeader }],
      }),
    );
  async function rule(...targets: Target[]): Promise<void> {
    await events().send(new PutRuleCommand({ Name: "sold", EventPattern: pattern }));
    await events().send(new PutTargetsCommand({ Rule: "sold", Targets: targets }));
  }
  async function toFunction(): Promise<void> {
    const Arn = await stage.make("fn", {
      code: `export const handler = async (event) => console.log(JSON.stringify({ header: process.env._X_AMZN_TRACE_ID, event }));`,
      extra: ACTIVE,
    });
    await stage.client.send(
      new AddPermissionCommand({
        FunctionName: "fn",
        StatementId: "events",
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
      }),
    );
    await rule({ Id: "fn", Arn });
  }
  interface Told {
    readonly header: string;
    readonly event: Record<string, unknown>;
  }
  async function told(): Promise<Told[]> {
    await stage.cloud.clock.settle();
    const lines = (await stage.logsOf("fn")).filter((line) => line.includes('"header"'));
    return lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))) as Told);
  }

  it("goes on with the trace of the request; nothing of it is in the event", async () => {
    await toFunction();
    await publish(`${SAMPLED};Lineage=12345678:3`);
    const [{ header, event } = { header: "", event: {} }] = await told();
    expect(JSON.stringify(event)).not.toContain(ROOT);
    expect(Object.keys(event).sort()).toEqual(
      ["account", "detail", "detail-type", "id", "region", "resources", "source", "time", "version"].sort(),
    );
    // Only the function itself is in the lineage: it ends at the bus.
    expect(header).toMatch(/;Lineage=[0-9a-f]{8}:1$/);
    const segments = await segmentsOf();
    const bus = named(segments, "AWS::Events");
    expect(bus).toMatchObject({ name: "Events", parent_id: PARENT });
    expect(bus?.in_progress).toBeUndefined();
    expect(bus?.subsegments).toMatchObject([{ name: "sold" }]);
    expect(named(segments, "AWS::Lambda")?.parent_id).toBe(bus?.subsegments?.[0]?.id);
    expect(readTraceHeader(header)?.parent).toBe(named(segments, "AWS::Lambda::Function")?.id);
  });

  it.each([
    ["the entry's header before that of the request", SAMPLED.replace(ROOT, ROOT.replace("7", "6")), SAMPLED],
    ["the entry's header alone", undefined, SAMPLED],
    ["the request's header where the entry's is none", SAMPLED, "Root=nonsense"],
  ])("follows %s", async (_what, header, entry) => {
    await toFunction();
    await publish(header, entry);
    expect((await told()).map((line) => readTraceHeader(line.header)?.root)).toEqual([ROOT]);
  });

  it("begins a new trace at the target where no header is one, and refuses one of 501 characters", async () => {
    await toFunction();
    await publish("Root=1-2-3", "nonsense");
    const [line] = await told();
    expect(readTraceHeader(line?.header)?.root).not.toBe(ROOT);
    await expect(publish(undefined, "x".repeat(501))).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("is in no archive and no dead letter", async () => {
    await toFunction();
    const dead = await makeQueue(stage.cloud, "dead");
    const Policy = JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: dead.arn }],
    });
    await stage.cloud.call(
      "sqs",
      "SetQueueAttributes",
      { QueueUrl: dead.url, Attributes: { Policy } },
      { kind: "account" },
    );
    await events().send(
      new PutTargetsCommand({
        Rule: "sold",
        Targets: [{ Id: "gone", Arn: stage.cloud.arn("lambda", "function:gone"), DeadLetterConfig: { Arn: dead.arn } }],
      }),
    );
    const bus = stage.cloud.arn("events", "event-bus/default");
    const { ArchiveArn } = await events().send(new CreateArchiveCommand({ ArchiveName: "all", EventSourceArn: bus }));
    await publish(SAMPLED);
    await told();
    const [message] = await dead.receive();
    expect(message?.Body).toContain('"source":"shop"');
    expect(JSON.stringify(message)).not.toContain(ROOT);
    const now = stage.cloud.clock.now();
    await events().send(
      new StartReplayCommand({
        ReplayName: "again",
        EventSourceArn: ArchiveArn,
        Destination: { Arn: bus },
        EventStartTime: new Date(now - 60_000),
        EventEndTime: new Date(now + 60_000),
      }),
    );
    const lines = await told();
    expect(lines).toHaveLength(2);
    expect(lines[1]?.event).toMatchObject({ "replay-name": "again" });
    expect(JSON.stringify(lines[1])).not.toContain(ROOT);
  });

  it("says what could not be delivered", async () => {
    await rule({ Id: "gone", Arn: stage.cloud.arn("lambda", "function:gone") });
    await publish(SAMPLED);
    expect(named(await segmentsOf(), "AWS::Events")).toMatchObject({ fault: true, subsegments: [{ fault: true }] });
  });
});

describe("an execution of a state machine", () => {
  const sfn = () => stage.cloud.client(SFNClient, {});
  async function machine(definition: object, tracing = true): Promise<string> {
    const { stateMachineArn = "" } = await sfn().send(
      new CreateStateMachineCommand({
        name: "flow",
        roleArn: await makeRole(stage.cloud, "flow", [
          MAY_TRACE,
          { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" },
        ]),
        definition: JSON.stringify(definition),
        tracingConfiguration: { enabled: tracing },
      }),
    );
    return stateMachineArn;
  }
  const CALLING = async () => ({
    StartAt: "Rest",
    States: {
      Rest: { Type: "Wait", Seconds: 5, Next: "Ask" },
      Ask: { Type: "Task", Resource: await stage.make("fn", { code: TELL, extra: ACTIVE }), End: true },
    },
  });

  it("has a subsegment for each state, and what a state calls is below it", async () => {
    const stateMachineArn = await machine(await CALLING());
    await carrying(sfn(), SAMPLED).send(new StartExecutionCommand({ stateMachineArn }));
    const segments = await segmentsOf();
    const execution = named(segments, "AWS::StepFunctions::StateMachine");
    expect(execution).toMatchObject({ name: "flow", parent_id: PARENT });
    expect(names(execution?.subsegments)).toEqual(["Rest", "Ask"]);
    const [rest, ask] = execution?.subsegments ?? [];
    expect((rest?.end_time ?? 0) - (rest?.start_time ?? 0)).toBe(5);
    expect(named(segments, "AWS::Lambda")?.parent_id).toBe(ask?.id);
  });

  it("says which state failed, inside others too", async () => {
    const inner = { StartAt: "Give up", States: { "Give up": { Type: "Fail", Error: "Enough" } } };
    const all = {
      Type: "Parallel",
      Branches: [inner],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }],
      End: true,
    };
    const stateMachineArn = await machine({
      StartAt: "All",
      States: { All: all, Done: { Type: "Fail", Error: "Really" } },
    });
    await carrying(sfn(), SAMPLED).send(new StartExecutionCommand({ stateMachineArn }));
    const execution = named(await segmentsOf(), "AWS::StepFunctions::StateMachine");
    expect(execution).toMatchObject({ fault: true, cause: { exceptions: [{ type: "Really" }] } });
    expect(execution?.subsegments?.map(({ name, fault }) => [name, fault])).toEqual([
      ["All", true],
      ["Give up", true],
      ["Done", true],
    ]);
  });

  it("prefers the request's header to that of the body, and begins a trace without either", async () => {
    const stateMachineArn = await machine({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });
    const traceHeader = SAMPLED.replace("1-7", "1-6");
    await carrying(sfn(), SAMPLED).send(new StartExecutionCommand({ stateMachineArn, traceHeader, name: "both" }));
    await sfn().send(new StartExecutionCommand({ stateMachineArn, traceHeader, name: "body" }));
    await sfn().send(new StartExecutionCommand({ stateMachineArn, name: "neither" }));
    const { executions = [] } = await sfn().send(new ListExecutionsCommand({ stateMachineArn }));
    const roots = new Map<string | undefined, string | undefined>();
    for (const { executionArn, name } of executions) {
      const described = await sfn().send(new DescribeExecutionCommand({ executionArn }));
      roots.set(name, readTraceHeader(described.traceHeader)?.root);
    }
    expect([roots.get("both"), roots.get("body")]).toEqual([ROOT, readTraceHeader(traceHeader)?.root]);
    expect(named(await segmentsOf(roots.get("neither")), "AWS::StepFunctions::StateMachine")).toBeDefined();
  });

  it("without tracing passes nothing on", async () => {
    const stateMachineArn = await machine(await CALLING(), false);
    await carrying(sfn(), SAMPLED).send(new StartExecutionCommand({ stateMachineArn }));
    expect(await segmentsOf()).toEqual([]);
  });
});
