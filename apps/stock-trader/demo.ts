/** Trades at three prices, once more for an order that is there already, and with a broker whose first answers get lost. */
import type { Demo } from "#local/testing";
import { type Machine, openExchange } from "./tests/exchange.ts";

const demo: Demo = async (stage) => {
  const exchange = openExchange(stage.app);
  const trade = async (machine: Machine, price: string, input: object = {}) => {
    await exchange.fixPrice(price);
    stage.input(`the market says ${price}`, `execution of ${machine}, input ${JSON.stringify(input)}`);
    const { output, cause } = await exchange.run(machine, input);
    const colour = output ? "green" : "red";
    const line = output
      ? `${output["status"]} ${output["type"] ?? ""} ${output["qty"] ?? ""} at ${output["price"] ?? "-"}`
      : `FAILED ${cause?.slice(34)}`;
    stage.result(`order ${(output?.["id"] ?? cause)?.slice(0, 8)}`, stage.paint(colour, line));
    return output;
  };

  const bought = await trade("TradeStock", "50", { orderId: "monday" });
  const sold = await trade("TradeStock", "51");
  const again = await trade("TradeStock", "10", { orderId: "monday" });
  const odd = await trade("TradeStock", "null");
  await stage.path();

  const fault = stage.app.cloud.faults.add({
    service: "lambda",
    operation: "Invoke",
    matching: "SettleOrder",
    times: 2,
    afterwards: true,
    error: { name: "ServiceException", status: 500 },
  });
  const later = await trade("TradeStockLater", "42");
  fault.remove();
  await stage.path();

  const orders = await exchange.rows("OrdersTable");
  stage.result(
    "the orders' table",
    orders.map(({ Id, Status, Type = "-", Price = "-", Quantity = "-", Reason = "" }) =>
      [
        String(Id).slice(0, 8),
        String(Status).padEnd(7),
        String(Type).padEnd(4),
        String(Price).padStart(4),
        String(Quantity).padStart(3),
        String(Reason),
      ].join("  "),
    ),
  );
  const trades = await exchange.rows("TradesTable");
  stage.check("at the boundary it buys, above it sells", bought?.["type"] === "buy" && sold?.["type"] === "sell");
  stage.check("an order that is there already trades nothing", again?.["status"] === "ALREADY_PLACED");
  stage.check("a price that is none trades nothing, and is recorded", odd === undefined && orders.length === 4);
  stage.check("the callback came", later?.["status"] === "TRADED" && trades.length === 3);
};

export default demo;
