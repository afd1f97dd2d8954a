import { createHash } from "node:crypto";
import { RedriveExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy, type FaultHandle } from "#local/testing";
import { type Exchange, type Machine, openExchange } from "./exchange.ts";

let exchange: Exchange;
const faults: FaultHandle[] = [];
beforeAll(async () => {
  const parameters = { AlarmEmail: "desk@example.com", FixedPrice: "42", CallbackSeconds: "60" };
  exchange = openExchange(await deploy("stock-trader", { parameters }));
});
afterEach(() => void faults.splice(0).forEach((fault) => fault.remove()));
afterAll(() => exchange.app[Symbol.asyncDispose]());
const broken = (role: string, operation: string, more: object = {}) => {
  const service = operation.startsWith("SendTask") ? "states" : operation === "SendMessage" ? "sqs" : "dynamodb";
  const error = { name: "InternalServerError", message: "broken", status: 500 };
  const fault = exchange.app.cloud.faults.add({ service, operation, role, error, ...more });
  faults.push(fault);
  return fault;
};
const tradesOf = async (id: unknown) => (await exchange.rows("TradesTable")).filter((trade) => trade["id"] === id);
const idOf = (cause: string | undefined) => cause?.slice(0, 32);

describe("an API that fails", () => {
  it.each<[Machine, string, string]>([
    ["TradeStock", "BuyStock", "PutItem"],
    ["TradeStock", "ReadTrade", "GetItem"],
    ["TradeStockLater", "AcceptOrder", "SendMessage"],
    ["TradeStockLater", "SettleOrder", "PutItem"],
  ])("for a while is retried: %s, %s", async (machine, role, operation) => {
    // Five tries of the SDK make one answer of 500.
    const fault = broken(role, operation, { times: 10 });
    const { output } = await exchange.run(machine);
    expect(fault.hits).toBe(10);
    expect(output).toMatchObject({ status: "TRADED", price: "42" });
    expect(await tradesOf(output?.["id"])).toHaveLength(1);
  });

  it("for good leaves an order that says so, and rings", async () => {
    broken("BuyStock", "PutItem");
    const { status, cause } = await exchange.run("TradeStock");
    expect(status).toBe("FAILED");
    expect(cause).toContain("ApiGateway.500");
    expect(await exchange.order(idOf(cause))).toMatchObject({ Status: "FAILED" });
    await exchange.app.advance(120);
    expect(exchange.app.outbox.some(({ subject }) => subject?.includes("FailedOrdersAlarm"))).toBe(true);
  });

  it.each<[Machine, string, string]>([
    ["TradeStock", "BuyStock", "PutItem"],
    ["TradeStockLater", "AcceptOrder", "SendMessage"],
  ])(
    "for good, and is there again: an order that failed is placed again under its id: %s",
    async (machine, role, operation) => {
      const input = { orderId: `again-${machine}` };
      const fault = broken(role, operation);
      const id = idOf((await exchange.run(machine, input)).cause);
      expect(await exchange.order(id)).toMatchObject({ Status: "FAILED" });
      expect(await exchange.trade(id ?? "")).toBeUndefined();
      fault.remove();
      expect((await exchange.run(machine, input)).output).toMatchObject({ id, status: "TRADED" });
      expect(await exchange.order(id)).toMatchObject({ Status: "TRADED", Price: 42 });
      expect(await exchange.order(id)).not.toHaveProperty("Reason");
      expect((await exchange.run(machine, input)).output).toMatchObject({ status: "ALREADY_PLACED" });
      expect(await tradesOf(id)).toHaveLength(1);
    },
  );

  it("for good, and the order is placed again before its failure is known to be recorded: it stays traded", async () => {
    const input = { orderId: "again-at-once" };
    const id = createHash("sha256").update("again-at-once").digest("hex").slice(0, 32);
    const api = broken("BuyStock", "PutItem");
    const lost = broken("TradeStock", "UpdateItem", { matching: "SET #status = :failed", afterwards: true, times: 1 });
    const first = await exchange.start("TradeStock", input);
    await exchange.app.eventually(async () => (await exchange.order(id))?.["Status"] === "FAILED", 600);
    api.remove();
    const second = await exchange.run("TradeStock", input);
    expect(lost.hits).toBe(1);
    expect(await exchange.outcome(first)).toMatchObject({ status: "FAILED", error: "NotTraded" });
    expect(second.output).toMatchObject({ id, status: "TRADED" });
    expect(await exchange.order(id)).toMatchObject({ Status: "TRADED" });
  });

  it.each<Machine>(["TradeStock", "TradeStockLater"])(
    "when the trade is to be read back leaves it open, and the execution goes on when it is redriven: %s",
    async (machine) => {
      const fault = broken("ReadTrade", "GetItem");
      const orderId = `unread-${machine}`;
      const id = createHash("sha256").update(orderId).digest("hex").slice(0, 32);
      const executionArn = await exchange.start(machine, { orderId });
      await exchange.app.settle();
      expect(await exchange.outcome(executionArn)).toMatchObject({ status: "FAILED", error: "ApiGateway.500" });
      expect(await exchange.order(id)).toMatchObject({ Status: "CHECKING" });
      fault.remove();
      await exchange.app.client(SFNClient).send(new RedriveExecutionCommand({ executionArn }));
      await exchange.app.settle();
      expect((await exchange.outcome(executionArn)).output).toMatchObject({ status: "TRADED" });
      expect(await tradesOf(id)).toHaveLength(1);
    },
  );

  it("after it has traded: the book counts, not the answer, and it is one trade", async () => {
    const fault = broken("BuyStock", "PutItem", { afterwards: true });
    const { output } = await exchange.run("TradeStock");
    expect(fault.hits).toBeGreaterThan(0);
    expect(output).toMatchObject({ status: "TRADED", type: "buy" });
    expect(await tradesOf(output?.["id"])).toHaveLength(1);
  });
});

describe("a broker that calls back", () => {
  it("too late finds nobody waiting; the order goes by the book", async () => {
    const fault = broken("SettleOrder", "SendTaskSuccess", { times: 40 });
    const { output } = await exchange.run("TradeStockLater");
    expect(fault.hits).toBeGreaterThan(5);
    expect(output).toMatchObject({ status: "TRADED" });
    expect(await tradesOf(output?.["id"])).toHaveLength(1);
  });

  it("refuses an order that has traded something else: the workflow hears of it at once, and goes by the book", async () => {
    const id = createHash("sha256").update("changed").digest("hex").slice(0, 32);
    await exchange.app.client(SQSClient).send(
      new SendMessageCommand({
        QueueUrl: exchange.app.resource("Orders"),
        MessageBody: JSON.stringify({ id, type: "buy", stock_price: 43, taskToken: "none" }),
      }),
    );
    await exchange.app.settle();
    const execution = await exchange.start("TradeStockLater", { orderId: "changed" });
    await exchange.app.eventually(async () => (await exchange.outcome(execution)).status === "SUCCEEDED", 30);
    expect((await exchange.outcome(execution)).output).toMatchObject({ id, price: "43" });
    expect(await tradesOf(id)).toHaveLength(1);
  });

  it.each([0, 1, 2])("puts poison at place %i of a batch aside; its neighbours are traded once", async (place) => {
    await exchange.app.messages("DeadLetters");
    const ids = [0, 1, 2].map((index) => `${place}${index}`.padEnd(32, "f"));
    for (const [index, id] of ids.entries())
      await exchange.app.client(SQSClient).send(
        new SendMessageCommand({
          QueueUrl: exchange.app.resource("Orders"),
          MessageBody:
            index === place
              ? '{"id":"__proto__"}'
              : JSON.stringify({ id, type: "sell", stock_price: 60, taskToken: "gone" }),
        }),
      );
    await exchange.app.settle();
    const dead = await exchange.app.messages("DeadLetters");
    const mine = dead.filter(({ Body }) => Body === '{"id":"__proto__"}');
    expect(mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual(["InputInvalid"]);
    for (const id of ids) expect(await tradesOf(id)).toHaveLength(id === ids[place] ? 0 : 1);
  });
});

describe("who may call", () => {
  it.each(["GET /check", "POST /buy", "POST /sell", "POST /orders", "GET /trades/0123456789abcdef0123456789abcdef"])(
    "nobody without a signature: %s",
    async (route) => {
      const [method = "", path = ""] = route.split(" ");
      const url = (exchange.app.outputs["ApiUrl"] ?? "") + path;
      expect((await fetch(url, { method, ...(method === "POST" ? { body: "{}" } : {}) })).status).toBe(403);
    },
  );

  it("a workflow without the permission is refused at once, and its order says so", async () => {
    const { iam } = exchange.app.cloud;
    iam.forgetUses();
    const grant = iam
      .unusedGrants()
      .find(({ role, statement }) => role.includes("-TradeStockRole") && statement === "CallApi");
    if (!grant) throw new Error("TradeStock has no statement CallApi");
    const { role, ...what } = grant;
    const giveBack = iam.withhold(role, what);
    const { cause } = await exchange.run("TradeStock");
    giveBack();
    expect(cause).toContain("ApiGateway.403");
    expect(await exchange.order(idOf(cause))).toMatchObject({ Status: "FAILED" });
  });
});
