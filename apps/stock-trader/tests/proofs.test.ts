import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { type Machine, openExchange } from "./exchange.ts";
import type { LocalApp } from "#local/testing";

const trade = (machine: Machine, price: number, type: string) => async (app: LocalApp, orderId: string) => {
  const exchange = openExchange(app);
  await exchange.fixPrice(String(price));
  const { output } = await exchange.run(machine, { orderId });
  expect(output).toMatchObject({ status: "TRADED", type });
  expect(await exchange.order(output?.["id"])).toMatchObject({ Status: "TRADED" });
};

proofs("stock-trader", {
  parameters: { ScheduleState: "ENABLED", CallbackSeconds: "300" },
  uses: {
    "a cheap share is bought": trade("TradeStock", 42, "buy"),
    "a dear share is sold": trade("TradeStock", 77, "sell"),
    "a share is bought by a broker that calls back at once": async (app, orderId) => {
      const exchange = openExchange(app);
      await exchange.fixPrice("42");
      const execution = await exchange.start("TradeStockLater", { orderId });
      // By the callback, not because the wait is over.
      await app.eventually(async () => (await exchange.outcome(execution)).status === "SUCCEEDED", 250);
      expect((await exchange.outcome(execution)).output).toMatchObject({ status: "TRADED" });
    },
    "the schedule trades": async (app) => {
      const exchange = openExchange(app);
      await exchange.fixPrice("42");
      const before = (await exchange.rows("OrdersTable")).length;
      await app.advance(3_700);
      await app.settle();
      expect((await exchange.rows("OrdersTable")).length).toBeGreaterThan(before);
    },
    "an order that changed is told to its workflow, and what is no order is put aside": async (app, id) => {
      const exchange = openExchange(app);
      await exchange.fixPrice("42");
      const { output } = await exchange.run("TradeStock", { orderId: id });
      await exchange.fixPrice("77");
      const send = (body: object) =>
        app
          .client(SQSClient)
          .send(new SendMessageCommand({ QueueUrl: app.resource("Orders"), MessageBody: JSON.stringify(body) }));
      const order = { id: output?.["id"], type: "sell", stock_price: 77, taskToken: `gone-${id}` };
      await send(order);
      await send({ nothing: id });
      await app.settle();
      const dead = await app.messages("DeadLetters");
      const told = dead.find(({ Body = "" }) => Body.includes(`gone-${id}`));
      expect(told?.MessageAttributes?.["error"]?.StringValue).toBe("CallbackInvalid");
      const poison = dead.find(({ Body = "" }) => Body.includes(`"nothing":"${id}"`));
      expect(poison?.MessageAttributes?.["error"]?.StringValue).toBe("InputInvalid");
    },
  },
  spare: {
    "ScheduleRole sqs:SendMessage": "only for a firing that could not start its execution",
  },
});
