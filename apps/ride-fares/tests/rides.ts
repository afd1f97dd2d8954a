/** The deployed app as riders, bookkeepers and support see it. */
import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, paginateScan, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { LocalApp } from "#local/testing";
import type { FareNotice, Process, Ride, Status } from "../src/fare/fare.ts";

/** Open to everybody, and with tokens that fail on purpose. */
export const open = { ApiAuthorization: "NONE", TestTokens: "true" };

export const ride = (more: Partial<Ride> = {}): Ride => ({
  from: "Hafenstr. 7",
  to: "Airport",
  durationMinutes: 25,
  distanceKm: 12.5,
  customer: "ada",
  fare: { amountMinor: 2_000, currency: "EUR" },
  paymentToken: "tok_visa",
  ...more,
});

export interface FareRow {
  readonly fareId: string;
  readonly customerId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly process: Process;
  readonly status: Status;
  readonly paymentToken?: string;
  readonly reason?: string;
}
export interface PaymentRow {
  readonly fareId: string;
  readonly state: string;
  readonly currency: string;
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}
interface AccountRow {
  readonly customerId: string;
  readonly entry: string;
  readonly fareId?: string;
  readonly state?: string;
  readonly amountMinor?: number;
  readonly [balance: `minor${string}`]: number | undefined;
}

const documentsOf = (app: LocalApp) => DynamoDBDocumentClient.from(app.client(DynamoDBClient));

async function rows<Row>(app: LocalApp, table: string): Promise<Row[]> {
  const found: Row[] = [];
  for await (const { Items = [] } of paginateScan({ client: documentsOf(app) }, { TableName: app.resource(table) }))
    // Only the app writes its tables.
    found.push(...(Items as Row[]));
  return found;
}

export const books = async (app: LocalApp) => ({
  fares: await rows<FareRow>(app, "FaresTable"),
  payments: await rows<PaymentRow>(app, "LedgerTable"),
  accounts: await rows<AccountRow>(app, "AccountsTable"),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What must hold of a fare that is at its end, money and account included. Answers the sentences that do not hold. */
export function wrongWith(
  { fareId, status, amountMinor }: FareRow,
  payment: PaymentRow | undefined,
  entry: AccountRow | undefined,
): string[] {
  const kept = payment === undefined ? 0 : payment.capturedMinor - payment.refundedMinor;
  const claims: readonly (readonly [holds: boolean, sentence: string])[] = [
    [status === "completed" || status === "failed", `${fareId} is ${status} and not parked`],
    [kept === (status === "completed" ? amountMinor : 0), `${fareId} is ${status}, and ${kept} was kept of it`],
    [payment?.state !== "AUTHORIZED", `${fareId}: money is still reserved`],
    [(entry?.state === "CREDITED") === (status === "completed"), `${fareId} is ${status}, its credit ${entry?.state}`],
  ];
  return claims.flatMap(([holds, sentence]) => (holds ? [] : [sentence]));
}

/**
 * What must hold after whatever happened, when nothing is under way any more: what was captured and not refunded is what completed fares
 * cost, accounts have exactly these, and a fare that is at no end is parked. Answers the sentences that do not hold.
 */
export async function imbalances(app: LocalApp, parked: ReadonlySet<string> = new Set()): Promise<string[]> {
  const { fares, payments, accounts } = await books(app);
  const wrong: string[] = [];
  const claim = (holds: boolean, sentence: string) => void (holds || wrong.push(sentence));
  for (const fare of fares.filter(({ fareId }) => !parked.has(fareId))) {
    const payment = payments.find(({ fareId }) => fareId === fare.fareId);
    const entry = accounts.find(({ fareId }) => fareId === fare.fareId);
    wrong.push(...wrongWith(fare, payment, entry));
  }
  const settled = fares.filter(({ fareId }) => !parked.has(fareId));
  const keptOfAll = sum(
    payments.filter(({ fareId }) => !parked.has(fareId)).map((row) => row.capturedMinor - row.refundedMinor),
  );
  const due = sum(settled.filter(({ status }) => status === "completed").map((row) => row.amountMinor));
  claim(keptOfAll === due, `${keptOfAll} were kept, completed fares come to ${due}`);
  for (const account of accounts.filter(({ entry }) => entry === "#balance")) {
    const credited = sum(
      accounts
        .filter((row) => row.customerId === account.customerId && row.state === "CREDITED")
        .map(({ amountMinor = 0 }) => amountMinor),
    );
    const balance = sum(
      Object.entries(account).flatMap(([name, value]) => (name.startsWith("minor") ? [Number(value)] : [])),
    );
    claim(credited === balance, `${account.customerId} has ${balance}, entries say ${credited}`);
  }
  return wrong;
}

/** What a parked message is about, in whatever form it was parked. */
export const fareIdIn = (body: string): string | undefined => /"fareId":\s*"([^"]+)"/.exec(body)?.[1];

export function openOffice(app: LocalApp) {
  const sqs = app.client(SQSClient);
  const sfn = app.client(SFNClient);
  const url = app.outputs["ApiUrl"] ?? "";
  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const send = (queue: string, body: unknown) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: app.resource(queue),
        MessageBody: typeof body === "string" ? body : JSON.stringify(body),
      }),
    );
  /** What is in a queue, and stays there. */
  const peek = async (queue: string): Promise<string[]> => {
    const bodies: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: app.resource(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 1 }),
      );
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      if (Messages.length === 0) break;
    }
    await app.advance(2);
    return bodies;
  };
  const arnOf = async (queue: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: app.resource(queue), AttributeNames: ["QueueArn"] })))
      .Attributes?.["QueueArn"];
  return {
    app,
    post,
    send,
    peek,
    submitRide: (body: unknown) => post("/submit-ride-completion", body),
    /** Hands in a ride that is taken. */
    async submit(rideId: string, process: Process, more: Partial<Ride> = {}): Promise<void> {
      const answer = await post("/submit-ride-completion", ride({ rideId, process, ...more }));
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
    },
    fareOf: async (fareId: string): Promise<FareRow | undefined> =>
      (await item(app, "FaresTable", { fareId })) as FareRow,
    paymentOf: async (fareId: string): Promise<PaymentRow | undefined> =>
      (await item(app, "LedgerTable", { fareId })) as PaymentRow,
    creditOf: async (customerId: string, fareId: string): Promise<AccountRow | undefined> =>
      (await item(app, "AccountsTable", { customerId, entry: `fare#${fareId}` })) as AccountRow,
    balanceOf: async (customerId: string, currency = "EUR"): Promise<unknown> =>
      (await item(app, "AccountsTable", { customerId, entry: "#balance" }))?.[`minor${currency}`],
    /** Writes a fare of ada's into its table, without a ride. */
    async enter(fareId: string, process: Process, status: Status): Promise<void> {
      const Item = {
        fareId,
        process,
        status,
        customerId: "ada",
        amountMinor: 2_000,
        currency: "EUR",
        paymentToken: "tok_x",
      };
      await documentsOf(app).send(new PutCommand({ TableName: app.resource("FaresTable"), Item }));
    },
    /** A person has talked to the provider: it gives the money back now. */
    async allowRefund(fareId: string): Promise<void> {
      const TableName = app.resource("LedgerTable");
      const change = { UpdateExpression: "SET canRefund = :yes", ExpressionAttributeValues: { ":yes": true } };
      await documentsOf(app).send(new UpdateCommand({ TableName, Key: { fareId }, ...change }));
    },
    /** The fares that a message in ParkedFares is about. */
    parked: async (): Promise<Set<string>> =>
      new Set((await peek("ParkedFares")).flatMap((body) => fareIdIn(body) ?? [])),
    /** Moves what is parked back, as the README tells a person to. */
    async redrive(): Promise<void> {
      const [SourceArn, DestinationArn] = await Promise.all(["ParkedFares", "RidesToStart"].map(arnOf));
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    },
    notices: async (queue: "CompletedFares" | "FailedFares"): Promise<FareNotice[]> =>
      (await app.messages(queue)).map(({ Body = "{}" }) => JSON.parse(Body) as FareNotice),
    /** How the executions of the saga for a fare ended, the last first. */
    async outcomes(fareId: string) {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: app.resource("ProcessFare") }),
      );
      const own = executions.filter(({ name }) => name?.startsWith(`${fareId}-`));
      return Promise.all(
        own.map(async ({ executionArn }) => {
          const { status, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          return { status, error, cause };
        }),
      );
    },
    async requestQuotes(more: object = {}): Promise<string> {
      const request = { from: "Hafenstr. 7", to: "Airport", distanceKm: 12, customer: "ada", currency: "EUR", ...more };
      const answer = await post("/submit-instant-ride-rfq", request);
      if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`);
      return ((await answer.json()) as { id: string }).id;
    },
    async quotes(id: string) {
      const answer = await fetch(`${url}/query-instant-ride-rfq/${id}`);
      return { httpStatus: answer.status, ...((await answer.json()) as QuotesAnswer) };
    },
    /** What is written of a request, whatever the time is. */
    requestRow: (id: string) => item(app, "QuotesTable", { id, responder: "-" }),
    tell: (detailType: string, detail: object) =>
      app.client(EventBridgeClient).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: app.resource("FareBus"),
              Source: "ride-fares",
              DetailType: detailType,
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      ),
    quote: (id: string, responder: string, amountMinor: number, currency = "EUR") =>
      send("QuotesToCollect", { "rfq-id": id, responder, quote: { amountMinor, currency } }),
    newId: (prefix: string) => `${prefix}-${randomUUID().slice(0, 8)}`,
  };
}
export type Office = ReturnType<typeof openOffice>;

export interface QuotesAnswer {
  readonly status: "open" | "closed";
  readonly closedBy?: string;
  readonly quotes: readonly { readonly responder: string; readonly quote: { readonly amountMinor: number } }[];
  readonly bestOffer: { readonly responder: string; readonly quote: { readonly amountMinor: number } } | null;
  readonly late: readonly string[];
  readonly [more: string]: unknown;
}

async function item(app: LocalApp, table: string, Key: Record<string, string>) {
  const { Item } = await documentsOf(app).send(
    new GetCommand({ TableName: app.resource(table), Key, ConsistentRead: true }),
  );
  return Item;
}
