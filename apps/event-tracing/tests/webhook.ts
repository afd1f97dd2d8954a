/** Drives the webhook as a sender does, and reads traces and receipts. */
import { APIGatewayClient, GetApiKeyCommand } from "@aws-sdk/client-api-gateway";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
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

export interface Webhook extends AsyncDisposable {
  readonly app: LocalApp;
  call(query: string, request?: RequestInit): Promise<Response>;
  /** Sends a request that is accepted, and waits until its event has arrived, or is put aside. */
  publish(query: string, request?: RequestInit): Promise<Accepted>;
  /** Puts an event onto the bus as somebody else does. */
  put(entry: { Source?: string; DetailType?: string; Detail?: string }): Promise<void>;
  segments(traceId: string): Promise<Part[]>;
  /** Which targets have received the request. */
  receipts(requestId: string): Promise<{ target: string; eventId: string; traceId: string }[]>;
}

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
  return {
    app,
    call,
    async publish(query, request) {
      const answer = await call(query, request);
      if (answer.status !== 202) throw new Error(`The webhook answered ${answer.status}: ${await answer.text()}`);
      const accepted = (await answer.json()) as Accepted;
      await app.settle();
      return accepted;
    },
    async put(entry) {
      const Entries = [
        { Source: "webhook", DetailType: "Request", Detail: "{}", EventBusName: app.resource("Bus"), ...entry },
      ];
      await app.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
      await app.settle();
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
