/** Drives the webhook as a sender does, and reads traces and receipts. */
import { APIGatewayClient, GetApiKeyCommand } from "@aws-sdk/client-api-gateway";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand, StartReplayCommand } from "@aws-sdk/client-eventbridge";
import { BatchGetTracesCommand, XRayClient } from "@aws-sdk/client-xray";
import { deploy, type LocalApp } from "#local/testing";

export interface Accepted {
  readonly eventId: string;
  readonly traceId: string;
  readonly correlationId: string;
  readonly target: string;
}

/** What the tests look at of a segment or subsegment. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly origin?: string;
  readonly parent_id?: string;
  readonly fault?: boolean;
  readonly in_progress?: boolean;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly subsegments?: readonly Part[];
}

interface Entry {
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
}

export interface Webhook extends AsyncDisposable {
  readonly app: LocalApp;
  call(query: string, request?: RequestInit): Promise<Response>;
  /** Sends a request. Throws unless it is accepted. */
  send(query: string, request?: RequestInit): Promise<Accepted>;
  /** Sends a request, and waits until its event has arrived, or is put aside. */
  publish(query: string, request?: RequestInit): Promise<Accepted>;
  /** Puts an event onto the bus as somebody else does. Throws unless it is taken. */
  hand(entry: Entry): Promise<void>;
  /** Puts an event onto the bus, and waits until it has arrived, or is put aside. */
  put(entry: Entry): Promise<void>;
  /** Sends the archived events of this time, epoch ms, to the bus again. */
  replay(name: string, from: number, to: number): Promise<void>;
  segments(traceId: string): Promise<Part[]>;
  /** Which targets have received the request. */
  receipts(requestId: string): Promise<{ target: string; eventId: string; traceId: string }[]>;
}

/** What is no event, for one of the targets: it lacks what every event carries. */
export const noEvent = (target: string, id: string): Entry => ({
  Detail: JSON.stringify({ apiEvent: { target, id }, metadata: {} }),
});

export async function startWebhook(parameters: Record<string, string> = {}, traces = true): Promise<Webhook> {
  const app = await deploy("event-tracing", { parameters, traces });
  return { ...(await openWebhook(app)), [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

export async function openWebhook(app: LocalApp): Promise<Omit<Webhook, keyof AsyncDisposable>> {
  const { value: key = "" } = await app
    .client(APIGatewayClient)
    .send(new GetApiKeyCommand({ apiKey: app.outputs["WebhookKeyId"], includeValue: true }));
  const call: Webhook["call"] = (query, request = {}) =>
    fetch(`${app.outputs["WebhookUrl"]}${query}`, {
      method: "POST",
      ...request,
      headers: { "x-api-key": key, ...request.headers },
    });
  const send: Webhook["send"] = async (query, request) => {
    const answer = await call(query, request);
    if (answer.status !== 202) throw new Error(`The webhook answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Accepted;
  };
  const hand: Webhook["hand"] = async (entry) => {
    const Entries = [
      { Source: "webhook", DetailType: "Request", Detail: "{}", EventBusName: app.resource("Bus"), ...entry },
    ];
    const answer = await app.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
    if (answer.FailedEntryCount !== 0) throw new Error(`The bus answered ${answer.Entries?.[0]?.ErrorCode}`);
  };
  return {
    app,
    call,
    send,
    async publish(query, request) {
      const accepted = await send(query, request);
      await app.settle();
      return accepted;
    },
    hand,
    async put(entry) {
      await hand(entry);
      await app.settle();
    },
    async replay(ReplayName, from, to) {
      await app.client(EventBridgeClient).send(
        new StartReplayCommand({
          ReplayName,
          EventSourceArn: app.outputs["EventsArchiveArn"],
          EventStartTime: new Date(from),
          EventEndTime: new Date(to),
          Destination: { Arn: app.outputs["BusArn"] },
        }),
      );
    },
    async segments(traceId) {
      const { Traces } = await app.client(XRayClient).send(new BatchGetTracesCommand({ TraceIds: [traceId] }));
      return (Traces?.[0]?.Segments ?? []).map(({ Document = "" }) => JSON.parse(Document) as Part);
    },
    async receipts(requestId) {
      const { Items = [] } = await app.client(DynamoDBClient).send(
        new QueryCommand({
          TableName: app.resource("Receipts"),
          KeyConditionExpression: "RequestId = :id",
          ExpressionAttributeValues: { ":id": { S: requestId } },
        }),
      );
      return Items.map(({ Target, EventId, TraceId }) => ({
        target: Target?.S ?? "",
        eventId: EventId?.S ?? "",
        traceId: TraceId?.S ?? "",
      }));
    },
  };
}
