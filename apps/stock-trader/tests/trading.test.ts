import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { type Exchange, type Machine, openExchange } from "./exchange.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = openExchange(await deploy("stock-trader", { parameters: { AlarmEmail: "desk@example.com" } }));
});
afterAll(() => exchange.app[Symbol.asyncDispose]());
const MACHINES: Machine[] = ["TradeStock", "TradeStockLater"];
const idOf = (cause: string | undefined) => cause?.slice(0, 32);

describe.each(MACHINES)("%s", (machine) => {
  it.each([
    [1, "buy"],
    [50, "buy"],
    [51, "sell"],
    [100, "sell"],
  ])("at %i decides to %s, trades once and records it", async (price, type) => {
    await exchange.fixPrice(String(price));
    const { status, output } = await exchange.run(machine, { orderId: `${machine}-${price}` });
    expect(status).toBe("SUCCEEDED");
    expect(output).toMatchObject({ type, price: String(price), status: "TRADED", currency: "USD" });
    expect(output?.["id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(output?.["qty"])).toBeGreaterThanOrEqual(1);
    expect(Number(output?.["qty"])).toBeLessThanOrEqual(10);
    expect(await exchange.order(output?.["id"])).toMatchObject({
      Status: "TRADED",
      Type: type,
      Price: price,
      Quantity: Number(output?.["qty"]),
      Timestamp: output?.["timestamp"],
    });
  });

  it.each([
    ["null", "no number"],
    ['"45"', "no number"],
    ["0", "the price is 0"],
    ["-3", "the price is -3"],
    ["12.5", "the price is 12.5"],
    ["[50]", "no number"],
    ['{"stock_price":50}', "no number"],
  ])("does not trade at a price of %s, and says so in the order's row", async (price, reason) => {
    await exchange.fixPrice(price);
    const { status, error, cause } = await exchange.run(machine);
    expect({ status, error }).toEqual({ status: "FAILED", error: "NotTraded" });
    const order = await exchange.order(idOf(cause));
    expect(order).toMatchObject({ Status: "FAILED" });
    expect(order?.["Reason"]).toContain(`PriceUnusable: the price is`);
    expect(order?.["Reason"]).toContain(reason);
  });

  it("trades an order once when it is started twice at once, and again later", async () => {
    await exchange.fixPrice("10");
    const before = (await exchange.rows("TradesTable")).length;
    const input = { orderId: `${machine}-twice` };
    const executions = await Promise.all([exchange.start(machine, input), exchange.start(machine, input)]);
    await exchange.app.settle();
    const outcomes = await Promise.all(executions.map((execution) => exchange.outcome(execution)));
    expect(outcomes.map(({ output }) => output?.["status"]).sort()).toEqual(["ALREADY_PLACED", "TRADED"]);
    expect((await exchange.run(machine, input)).output).toMatchObject({ status: "ALREADY_PLACED" });
    expect((await exchange.rows("TradesTable")).length).toBe(before + 1);
  });

  it("does not retry what is wrong with the request", async () => {
    await exchange.fixPrice("10");
    const before = (await exchange.app.logs("CheckPrice")).length;
    const { cause } = await exchange.run(machine, { symbol: "no symbol" });
    expect(cause).toContain("ApiGateway.400");
    const lines = (await exchange.app.logs("CheckPrice")).slice(before);
    expect(lines.filter(({ message }) => message.startsWith("START"))).toHaveLength(1);
    expect(await exchange.order(idOf(cause))).toMatchObject({ Status: "FAILED" });
  });
});

describe("the market", () => {
  it("has the same prices for the same seed", async () => {
    await exchange.fixPrice(undefined);
    const event = exchange.app.sample("check-price.json");
    const [first, second] = [
      await exchange.app.invoke("CheckPrice", event),
      await exchange.app.invoke("CheckPrice", event),
    ];
    expect(first).toEqual(second);
  });
});

describe("the schedule", () => {
  it("is there and does nothing until it is enabled", async () => {
    const executions = async () =>
      (
        await exchange.app
          .client(SFNClient)
          .send(new ListExecutionsCommand({ stateMachineArn: exchange.app.resource("TradeStock"), maxResults: 1_000 }))
      ).executions?.length;
    const before = await executions();
    await exchange.app.advance(3 * 3_600);
    expect(await executions()).toBe(before);
  });

  it("trades once a firing, also when the same firing comes again", async () => {
    await using app = await deploy("stock-trader", { parameters: { ScheduleState: "ENABLED", FixedPrice: "42" } });
    const own = openExchange(app);
    await app.advance(3_601);
    await app.settle();
    const sfn = app.client(SFNClient);
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: app.resource("TradeStock") }),
    );
    expect(executions).toHaveLength(1);
    const { executionArn } = executions[0] ?? {};
    const { input = "" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const firing = JSON.parse(input) as { orderId: string };
    expect(firing.orderId).toMatch(/^schedule-2030-01-07T\d\d:\d\d:\d\dZ$/);
    expect((await own.run("TradeStock", firing)).output).toMatchObject({ status: "ALREADY_PLACED" });
    expect(await own.rows("TradesTable")).toHaveLength(1);
  });
});
