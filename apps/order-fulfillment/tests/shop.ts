/** The deployed app as shops, warehouses and bookkeepers see it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan } from "@aws-sdk/lib-dynamodb";
import type { LocalApp } from "#local/testing";
import { amountOf, type Line, type Order, sum } from "../src/order/order.ts";
import type { Delivery } from "../src/stock/delivery-store.ts";
import type { Status } from "../src/stock/moves.ts";

export const line = (lineId: string, sku: string, more: Partial<Line> = {}): Line => ({
  lineId,
  sku,
  name: `Article ${sku}`,
  quantity: 1,
  unitPriceMinor: 1_000,
  weightGrams: 250,
  ...more,
});

export const order = (orderId: string, orderItems: readonly Line[], more: Partial<Order> = {}): Order => ({
  orderId,
  currency: "EUR",
  paymentToken: "tok_visa",
  shipTo: { name: "Ada Byron", street: "Hafenstr. 7", postcode: "20457", city: "Hamburg", country: "Germany" },
  orderItems: [...orderItems],
  ...more,
});

export interface OrderRow {
  readonly orderId: string;
  readonly status: string;
  readonly capturedMinor?: number;
  readonly weightGrams?: number;
  readonly reason?: string;
}
interface LineRow extends Line {
  readonly orderId: string;
  readonly status: Status;
}
interface LedgerRow {
  readonly orderId: string;
  readonly entry: string;
  readonly state?: string;
  readonly authorizedMinor?: number;
  readonly remainingMinor?: number;
  readonly voidedMinor?: number;
  readonly amountMinor?: number;
}

const documentsOf = (app: LocalApp) => DynamoDBDocumentClient.from(app.client(DynamoDBClient));

async function rows(app: LocalApp, table: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan({ client: documentsOf(app) }, { TableName: app.resource(table) }))
    found.push(...Items);
  return found;
}

/** All rows of one order in a table that is keyed by orders. */
async function rowsOf(app: LocalApp, table: string, orderId: string): Promise<Record<string, unknown>[]> {
  const query = {
    TableName: app.resource(table),
    KeyConditionExpression: "orderId = :orderId",
    ExpressionAttributeValues: { ":orderId": orderId },
  };
  const found: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateQuery({ client: documentsOf(app) }, query)) found.push(...Items);
  return found;
}

async function item(app: LocalApp, table: string, Key: Record<string, string>) {
  const { Item } = await documentsOf(app).send(
    new GetCommand({ TableName: app.resource(table), Key, ConsistentRead: true }),
  );
  return Item;
}

/** Orders and articles. */
interface Part {
  readonly orders: ReadonlySet<string>;
  readonly articles: ReadonlySet<string>;
}

/** What the tables hold: all of it, or of a part. */
async function books(app: LocalApp, part?: Part) {
  const from = async (table: string) =>
    part ? (await Promise.all([...part.orders].map((id) => rowsOf(app, table, id)))).flat() : rows(app, table);
  const entries = (await from("OrdersTable")) as unknown as (LineRow & OrderRow & { entry: string })[];
  const stock = await rows(app, "StockTable");
  return {
    orders: entries.filter(({ entry }) => entry === "#order") as OrderRow[],
    lines: entries.filter(({ entry }) => entry !== "#order") as LineRow[],
    ledger: (await from("LedgerTable")) as unknown as LedgerRow[],
    stock: new Map(
      stock.flatMap((row) => {
        const id = String(row["id"]);
        if (!id.startsWith("sku#") || (part && !part.articles.has(id.slice(4)))) return [];
        const [available, locked, packed] = ["available", "locked", "packed"].map((place) => Number(row[place]));
        return [[id.slice(4), { available, locked, packed } as Record<"available" | "locked" | "packed", number>]];
      }),
    ),
    deliveries: stock.filter((row) => String(row["id"]).startsWith("delivery#")) as { sku: string; quantity: number }[],
  };
}

const ENDED = new Set(["COMPLETE", "PARTIAL", "CANCELLED", "FAILED", "DECLINED"]);

/** What must hold after whatever happened; answers the sentences that do not. */
export async function imbalances(app: LocalApp, part?: Part): Promise<string[]> {
  const { orders, lines, ledger, stock, deliveries } = await books(app, part);
  const wrong: string[] = [];
  const claim = (holds: boolean, sentence: string) => void (holds || wrong.push(sentence));
  for (const [sku, { available, locked, packed }] of stock) {
    const arrived = sum(deliveries.filter((delivery) => delivery.sku === sku).map(({ quantity }) => quantity));
    const of = (...statuses: Status[]) =>
      sum(lines.filter((row) => row.sku === sku && statuses.includes(row.status)).map(({ quantity }) => quantity));
    claim(
      available + locked + packed === arrived,
      `${sku}: ${available} + ${locked} + ${packed} of ${arrived} arrived`,
    );
    claim(Math.min(available, locked, packed) >= 0, `${sku}: less than nothing`);
    claim(locked === of("LOCKED", "PULLED"), `${sku}: ${locked} locked, lines say ${of("LOCKED", "PULLED")}`);
    claim(packed === of("PACKED"), `${sku}: ${packed} packed, lines say ${of("PACKED")}`);
  }
  for (const { orderId, status, capturedMinor } of orders) {
    const own = lines.filter((row) => row.orderId === orderId);
    const entries = ledger.filter((row) => row.orderId === orderId);
    const authorization = entries.find(({ entry }) => entry === "authorization");
    const captured = sum(entries.map(({ amountMinor = 0 }) => amountMinor));
    const packed = sum(own.filter((row) => row.status === "PACKED").map(amountOf));
    const { authorizedMinor = 0, remainingMinor = 0, voidedMinor = 0 } = authorization ?? {};
    claim(captured + remainingMinor + voidedMinor === authorizedMinor, `${orderId}: the ledger does not add up`);
    if (status !== "WAITING" && !ENDED.has(status)) continue;
    claim(captured === packed, `${orderId}: captured ${captured}, packed ${packed}`);
    if (!ENDED.has(status)) continue;
    claim(capturedMinor === captured, `${orderId}: says ${capturedMinor}, captured ${captured}`);
    claim(remainingMinor === 0, `${orderId}: ${remainingMinor} still reserved`);
    const open = own.filter((row) => ["PENDING", "LOCKED", "PULLED"].includes(row.status));
    claim(open.length === 0, `${orderId} is ${status} with ${open.length} open lines`);
  }
  return wrong;
}

/** Over all shops: each delivery has an id of its own. */
let deliveries = 0;

export function openShop(app: LocalApp) {
  const sfn = app.client(SFNClient);
  const s3 = app.client(S3Client);
  const touched = { orders: new Set<string>(), articles: new Set<string>() };
  const note = ({ orderId, orderItems = [] }: Partial<Order>): void => {
    if (orderId !== undefined) touched.orders.add(orderId);
    for (const { sku } of orderItems) touched.articles.add(sku);
  };
  return {
    app,
    /** Imbalances of what was ordered and delivered by this shop, and of more articles. */
    imbalances: (...moreArticles: readonly string[]): Promise<string[]> =>
      imbalances(app, { ...touched, articles: new Set([...touched.articles, ...moreArticles]) }),
    /** Hands an order to the state machine as it is. */
    async submit(input: object, name?: string): Promise<string> {
      note(input);
      const { executionArn = "" } = await sfn.send(
        new StartExecutionCommand({
          stateMachineArn: app.resource("FulfillOrder"),
          input: JSON.stringify(input),
          ...(name === undefined ? {} : { name }),
        }),
      );
      return executionArn;
    },
    async upload(content: string | object, name = "order.json"): Promise<void> {
      if (typeof content === "object") note(content);
      const Body = typeof content === "string" ? content : JSON.stringify(content);
      await s3.send(new PutObjectCommand({ Bucket: app.resource("OrdersBucket"), Key: `incoming/${name}`, Body }));
    },
    /** Sends goods to the warehouse and does not wait for them to be shelved. */
    async deliver(goods: Readonly<Record<string, number>>, prefix = "d"): Promise<void> {
      await this.announce(
        Object.entries(goods).map(([sku, quantity]) => ({ deliveryId: `${prefix}-${++deliveries}`, sku, quantity })),
      );
    },
    /** Tells the warehouse of goods, ten messages a call, which get there after a while. */
    async announce(goods: readonly Delivery[], delaySeconds = 0): Promise<void> {
      for (const { sku } of goods) touched.articles.add(sku);
      for (let start = 0; start < goods.length; start += 10) {
        await app.client(SQSClient).send(
          new SendMessageBatchCommand({
            QueueUrl: app.resource("Deliveries"),
            Entries: goods.slice(start, start + 10).map((delivery, index) => ({
              Id: String(index),
              MessageBody: JSON.stringify(delivery),
              DelaySeconds: delaySeconds,
            })),
          }),
        );
      }
    },
    /** Sends goods and waits until they are on the shelf. No order may wait meanwhile: it would come to its end. */
    async shelve(goods: Readonly<Record<string, number>>): Promise<void> {
      await this.deliver(goods);
      await app.settle();
    },
    async outcome(executionArn: string) {
      const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return {
        status,
        ...(output === undefined ? {} : { output: JSON.parse(output) as Record<string, unknown> }),
        ...(error === undefined ? {} : { error, cause }),
      };
    },
    executions: async () =>
      (await sfn.send(new ListExecutionsCommand({ stateMachineArn: app.resource("FulfillOrder") }))).executions ?? [],
    label: async (orderId: string, round = 1): Promise<string> =>
      (await (
        await s3.send(new GetObjectCommand({ Bucket: app.resource("LabelsBucket"), Key: `${orderId}/${round}.svg` }))
      ).Body?.transformToString()) ?? "",
    orderRow: async (orderId: string) =>
      (await item(app, "OrdersTable", { orderId, entry: "#order" })) as unknown as OrderRow | undefined,
    async lineStates(orderId: string): Promise<Record<string, Status>> {
      const entries = (await rowsOf(app, "OrdersTable", orderId)) as unknown as (LineRow & { entry: string })[];
      const lines = entries.filter(({ entry }) => entry !== "#order");
      return Object.fromEntries(lines.map(({ lineId, status }) => [lineId, status]));
    },
    async stockOf(sku: string) {
      const { available, locked, packed } = (await item(app, "StockTable", { id: `sku#${sku}` })) ?? {};
      return { available, locked, packed };
    },
    ledgerOf: async (orderId: string) => (await rowsOf(app, "LedgerTable", orderId)) as unknown as LedgerRow[],
  };
}
export type Shop = ReturnType<typeof openShop>;
