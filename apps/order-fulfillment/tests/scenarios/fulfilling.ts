/** Orders on their way: what is there, what is missing, what comes later. */
import { GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import { beforeEach, describe, expect, it } from "vitest";
import { line, order, type Shop } from "../shop.ts";

export function fulfilling(opened: () => Shop): void {
  let shop: Shop;
  beforeEach(() => void (shop = opened()));
  const settle = () => shop.app.settle();
  /** Until nothing happens for the moment; orders may wait for goods. */
  const pause = () => shop.app.advance(60);
  const run = async (input: object) => {
    const execution = await shop.submit(input);
    await settle();
    return shop.outcome(execution);
  };

  describe("an order whose items are there", () => {
    it("is authorised as a whole, packed, captured and labelled with its weight", async () => {
      await shop.shelve({ KETTLE: 5, CUP: 10 });
      const kettle = line("1", "KETTLE", { unitPriceMinor: 2_499, weightGrams: 1_200 });
      expect(await run(order("all-there", [kettle, line("2", "CUP", { quantity: 4 })]))).toMatchObject({
        status: "SUCCEEDED",
        output: { status: "COMPLETE", capturedMinor: 6_499, weightGrams: 2_200, rounds: 1 },
      });
      expect(await shop.lineStates("all-there")).toEqual({ "1": "PACKED", "2": "PACKED" });
      expect(await shop.stockOf("CUP")).toEqual({ available: 6, locked: 0, packed: 4 });
      expect(await shop.ledgerOf("all-there")).toMatchObject([
        { entry: "authorization", authorizedMinor: 6_499, remainingMinor: 0, currency: "EUR" },
        { entry: "capture#0001", amountMinor: 6_499 },
      ]);
      const label = await shop.label("all-there");
      expect(label).toContain("2.200 kg");
      expect(label).toContain("Ada Byron");
    });

    it("locks nothing before its payment is authorised, and nothing at all when the card is declined", async () => {
      await shop.shelve({ LAMP: 1 });
      const declined = await run(order("declined", [line("1", "LAMP")], { paymentToken: "tok_declined_funds" }));
      expect(declined).toMatchObject({ status: "SUCCEEDED", output: { status: "DECLINED", capturedMinor: 0 } });
      expect(await shop.stockOf("LAMP")).toEqual({ available: 1, locked: 0, packed: 0 });
      expect(await shop.lineStates("declined")).toEqual({});
    });

    it("is fulfilled once when it is sent twice at once, and when its file is uploaded again", async () => {
      await shop.shelve({ CHAIR: 9 });
      const twice = order("twice", [line("1", "CHAIR", { quantity: 2 })]);
      const executions = await Promise.all([shop.submit(twice), shop.submit(twice)]);
      await settle();
      await shop.upload(twice, "twice.json");
      await shop.upload(twice, "twice.json");
      await settle();
      const outcomes = await Promise.all(executions.map((execution) => shop.outcome(execution)));
      expect(outcomes.map(({ output }) => output?.["status"]).sort()).toEqual(["ALREADY_TAKEN", "COMPLETE"]);
      expect(await shop.stockOf("CHAIR")).toEqual({ available: 7, locked: 0, packed: 2 });
      expect(await shop.ledgerOf("twice")).toHaveLength(2);
    });

    it("keeps what it knows of a person out of its history and its logs", async () => {
      await shop.shelve({ SHELF: 1 });
      const secret = order("discreet", [line("1", "SHELF")], { paymentToken: "tok_planted_secret" });
      await shop.upload(secret, "discreet.json");
      await settle();
      expect(await shop.orderRow("discreet")).toMatchObject({ status: "COMPLETE" });
      const [latest] = await shop.executions();
      const history = await shop.app
        .client(SFNClient)
        .send(new GetExecutionHistoryCommand({ executionArn: latest?.executionArn, maxResults: 1_000 }));
      const logs = await Promise.all(shop.app.functions.map((name) => shop.app.logs(name)));
      for (const text of [JSON.stringify(history.events), JSON.stringify(logs)])
        for (const planted of ["tok_planted_secret", "Ada Byron", "Hafenstr"]) expect(text).not.toContain(planted);
      const hidden = await shop.app
        .client(SFNClient)
        .send(new GetExecutionHistoryCommand({ executionArn: latest?.executionArn, includeExecutionData: false }));
      expect(JSON.stringify(hidden.events)).not.toContain("SHELF");
      expect(Object.keys((await shop.orderRow("discreet")) ?? {})).not.toContain("paymentToken");
    });
  });

  describe("an order of which something is missing", () => {
    it("is packed and captured as far as goods are there, and goes on when the others arrive", async () => {
      await shop.shelve({ TABLE: 1, STOOL: 1 });
      const items = [
        line("1", "TABLE", { weightGrams: 9_000, unitPriceMinor: 30_000 }),
        line("2", "STOOL", { quantity: 3, weightGrams: 2_000, unitPriceMinor: 5_000 }),
      ];
      const execution = await shop.submit(order("partly", items));
      await pause();
      expect(await shop.orderRow("partly")).toMatchObject({ status: "WAITING" });
      expect(await shop.lineStates("partly")).toEqual({ "1": "PACKED", "2": "PENDING" });
      expect(await shop.label("partly")).toContain("9.000 kg");
      expect(await shop.ledgerOf("partly")).toMatchObject([{ remainingMinor: 15_000 }, { amountMinor: 30_000 }]);
      expect(await shop.imbalances()).toEqual([]);

      await shop.deliver({ STOOL: 2 });
      await pause();
      expect(await shop.outcome(execution)).toMatchObject({
        output: { status: "COMPLETE", capturedMinor: 45_000, weightGrams: 15_000, rounds: 2 },
      });
      expect(await shop.label("partly", 2)).toContain("6.000 kg");
      expect(await shop.ledgerOf("partly")).toMatchObject([{}, { amountMinor: 30_000 }, { amountMinor: 15_000 }]);
    });

    it("looks again by itself, and cancels in the end what never came: the rest of the authorisation is void", async () => {
      await shop.shelve({ BOWL: 1 });
      const execution = await shop.submit(order("never", [line("1", "BOWL"), line("2", "UNICORN")]));
      await settle();
      expect(await shop.outcome(execution)).toMatchObject({
        status: "SUCCEEDED",
        output: { status: "PARTIAL", capturedMinor: 1_000, rounds: 3 },
      });
      expect(await shop.lineStates("never")).toEqual({ "1": "PACKED", "2": "CANCELLED" });
      expect(await shop.ledgerOf("never")).toMatchObject([{ state: "VOIDED", voidedMinor: 1_000 }, {}]);
    });

    it("is cancelled as a whole when nothing of it ever comes", async () => {
      expect(await run(order("nothing", [line("1", "UNICORN")]))).toMatchObject({
        status: "SUCCEEDED",
        output: { status: "CANCELLED", capturedMinor: 0, weightGrams: 0 },
      });
    });

    it("shares what there is among its own lines, each as a whole", async () => {
      await shop.shelve({ SPOON: 3 });
      const items = ["1", "2", "3"].map((lineId) => line(lineId, "SPOON", { quantity: 2 }));
      await run(order("scarce", items));
      const states = Object.values(await shop.lineStates("scarce"));
      expect(states.sort()).toEqual(["CANCELLED", "CANCELLED", "PACKED"]);
      expect(await shop.stockOf("SPOON")).toEqual({ available: 1, locked: 0, packed: 2 });
    });

    it("competes fairly: two orders for one article never get more than there is", async () => {
      await shop.shelve({ RARE: 1 });
      await Promise.all(["rival-a", "rival-b"].map((id) => shop.submit(order(id, [line("1", "RARE")]))));
      await settle();
      const states = await Promise.all(["rival-a", "rival-b"].map((id) => shop.lineStates(id)));
      expect(states.map((state) => state["1"]).sort()).toEqual(["CANCELLED", "PACKED"]);
    });

    it("is not lost between looking and waiting when goods come at that moment", async () => {
      // The row says that something has come before the order has begun to wait.
      const fault = shop.app.cloud.faults.add({
        service: "dynamodb",
        operation: "UpdateItem",
        matching: "waitToken",
        role: "FulfillOrder",
        error: { name: "ThrottlingException", status: 400 },
        times: 3,
      });
      const execution = await shop.submit(order("moment", [line("1", "MOMENT")]));
      await shop.app.eventually(async () => (await shop.lineStates("moment"))["1"] === "PENDING", 60);
      await shop.deliver({ MOMENT: 1 });
      await pause();
      expect(fault.hits).toBeGreaterThan(0);
      expect(await shop.outcome(execution)).toMatchObject({ output: { status: "COMPLETE", rounds: 2 } });
    });
  });

  describe("a delivery", () => {
    it("that is announced twice is shelved once; one that changed is put aside", async () => {
      const event = (body: object) => ({
        Records: [
          {
            messageId: "m-1",
            receiptHandle: "r",
            awsRegion: "us-east-1",
            eventSource: "aws:sqs",
            eventSourceARN: shop.app.cloud.arn("sqs", "deliveries"),
            body: JSON.stringify(body),
            attributes: { ApproximateReceiveCount: "1", SentTimestamp: "0" },
            messageAttributes: {},
          },
        ],
      });
      const delivery = { deliveryId: "twice-1", sku: "PLATE", quantity: 4 };
      await Promise.all([1, 2].map(() => shop.app.invoke("ReceiveStock", event(delivery))));
      await shop.app.invoke("ReceiveStock", event(delivery));
      expect(await shop.stockOf("PLATE")).toEqual({ available: 4, locked: 0, packed: 0 });
      await shop.app.invoke("ReceiveStock", event({ ...delivery, quantity: 5 }));
      const reasons = (await shop.app.messages("DeadLetters")).map(
        ({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue,
      );
      expect(reasons).toEqual(["DeliveryChanged"]);
      expect(await shop.imbalances("PLATE")).toEqual([]);
    });
  });
}
