/** What fails, for good or for a while, and what is no order at all. */
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "vitest";
import { line, order, type Shop } from "../shop.ts";

export function trouble(opened: () => Shop): void {
  let shop: Shop;
  beforeEach(() => void (shop = opened()));
  const run = async (input: object) => {
    const execution = await shop.submit(input);
    await shop.app.settle();
    return shop.outcome(execution);
  };
  const down = (role: string, service: string, operation: string, more = {}) =>
    shop.app.cloud.faults.add({
      service,
      operation,
      role,
      error: { name: "InternalServerError", message: "down", status: 500 },
      ...more,
    });
  const bodies = async (queue: string) =>
    (await shop.app.messages(queue)).map(({ Body = "{}" }) => JSON.parse(Body) as Record<string, unknown>);

  describe("a step that keeps failing", () => {
    it.each([
      ["LockLines", "TransactWriteItems"],
      ["PullLines", "TransactWriteItems"],
      ["PackLines", "TransactWriteItems"],
    ])("in %s fails the order as a whole: locks are released, the authorisation is void", async (role, operation) => {
      await shop.shelve({ [`${role}-A`]: 1, [`${role}-B`]: 1 });
      // One of the two items: the other one is packed before the order is given up.
      const fault = down(role, "dynamodb", operation, { matching: `${role}-B` });
      const outcome = await run(order(`fails-in-${role}`, [line("1", `${role}-A`), line("2", `${role}-B`)]));
      fault.remove();
      expect(outcome).toMatchObject({ status: "FAILED", error: "Order_FAILED" });
      expect(outcome.cause).toContain("InternalServerError: down");
      expect(await shop.orderRow(`fails-in-${role}`)).toMatchObject({ status: "FAILED", capturedMinor: 0 });
      expect(Object.values(await shop.lineStates(`fails-in-${role}`))).not.toContain("PACKED");
      expect(await shop.stockOf(`${role}-A`)).toEqual({ available: 1, locked: 0, packed: 0 });
      expect(await shop.ledgerOf(`fails-in-${role}`)).toMatchObject([{ state: "VOIDED", voidedMinor: 2_000 }]);
    });

    it("in AuthorizePayment leaves nothing behind, also when the authorisation comes too late", async () => {
      await shop.shelve({ PEN: 1 });
      const fault = down("AuthorizePayment", "dynamodb", "PutItem");
      expect(await run(order("unauthorised", [line("1", "PEN")]))).toMatchObject({ status: "FAILED" });
      fault.remove();
      await expect(shop.app.invoke("AuthorizePayment", { orderId: "unauthorised" })).rejects.toMatchObject({
        name: "OrderEnded",
      });
    });

    it("a card that lapses before it is charged: everything packed goes back on the shelf", async () => {
      await shop.shelve({ VASE: 2 });
      const outcome = await run(order("lapsed", [line("1", "VASE", { quantity: 2 })], { paymentToken: "tok_lapsing" }));
      expect(outcome).toMatchObject({ status: "FAILED", error: "Order_FAILED" });
      expect(outcome.cause).toContain("CaptureRefused");
      expect(await shop.stockOf("VASE")).toEqual({ available: 2, locked: 0, packed: 0 });
      expect(await shop.lineStates("lapsed")).toEqual({ "1": "RELEASED" });
    });

    it("a capture that was made although every answer was lost: what is paid is shipped", async () => {
      await shop.shelve({ RUG: 1 });
      // The function does its work each time; the state machine never hears of it.
      const fault = shop.app.cloud.faults.add({
        service: "lambda",
        operation: "Invoke",
        role: "FulfillOrder",
        matching: "CapturePayment",
        afterwards: true,
        error: { name: "ServiceException", status: 500 },
      });
      const outcome = await run(order("unheard", [line("1", "RUG")]));
      fault.remove();
      expect(fault.hits).toBe(9);
      expect(outcome).toMatchObject({ status: "SUCCEEDED", output: { status: "COMPLETE", capturedMinor: 1_000 } });
      expect(await shop.label("unheard")).toContain("0.250 kg");
    });
  });

  describe("what cannot even be undone", () => {
    it("is parked with an alarm, and goes on where it stopped when its message is handed back", async () => {
      // The alarm of other parked orders is over.
      await shop.app.advance(180);
      const mailsBefore = shop.app.outbox.length;
      await shop.shelve({ MUG: 1 });
      const fault = down("VoidPayment", "dynamodb", "UpdateItem");
      const refused = order("stuck", [line("1", "MUG")], { paymentToken: "tok_lapsing" });
      expect(await run(refused)).toMatchObject({ status: "FAILED", error: "OrderParked" });
      expect(await shop.orderRow("stuck")).toMatchObject({ status: "PARKED" });
      await shop.app.advance(120);
      const mails = shop.app.outbox.slice(mailsBefore);
      expect(mails.some(({ subject }) => subject?.includes("ParkedOrdersAlarm"))).toBe(true);

      fault.remove();
      const [parked] = await bodies("ParkedOrders");
      const resumed = await shop.submit(parked ?? {});
      await shop.app.settle();
      expect(await shop.outcome(resumed)).toMatchObject({ status: "FAILED", error: "Order_FAILED" });
      // Why it was released, not why it was parked.
      expect((await shop.orderRow("stuck"))?.reason).toContain("CaptureRefused");
      expect(await shop.stockOf("MUG")).toEqual({ available: 1, locked: 0, packed: 0 });
      // The same message once more finds nothing to do.
      const again = await shop.submit(parked ?? {});
      await shop.app.settle();
      expect(await shop.outcome(again)).toMatchObject({ error: "DynamoDB.ConditionalCheckFailedException" });
    });

    it("an order that cannot be closed: it ends as it was to end, without a reason of the outage", async () => {
      await shop.shelve({ HAT: 1 });
      const fault = down("FulfillOrder", "dynamodb", "UpdateItem", { matching: "closedAt" });
      expect(await run(order("unclosed", [line("1", "HAT")]))).toMatchObject({ error: "OrderParked" });
      expect(await shop.orderRow("unclosed")).toMatchObject({ status: "PARKED" });
      fault.remove();
      const [parked] = await bodies("ParkedOrders");
      const resumed = await shop.submit(parked ?? {});
      await shop.app.settle();
      expect(await shop.outcome(resumed)).toMatchObject({ status: "SUCCEEDED", output: { status: "COMPLETE" } });
      expect(await shop.orderRow("unclosed")).toMatchObject({ status: "COMPLETE", reason: "", capturedMinor: 1_000 });
    });

    it("a label that cannot be stored: the order waits parked, and is complete once it is printed", async () => {
      await shop.shelve({ CLOCK: 1 });
      const fault = down("PrintLabel", "s3", "PutObject");
      expect(await run(order("unlabelled", [line("1", "CLOCK")]))).toMatchObject({ error: "OrderParked" });
      fault.remove();
      const [parked] = await bodies("ParkedOrders");
      expect(JSON.stringify(parked)).not.toContain("Ada Byron");
      const resumed = await shop.submit(parked ?? {});
      await shop.app.settle();
      expect(await shop.outcome(resumed)).toMatchObject({ output: { status: "COMPLETE", capturedMinor: 1_000 } });
      expect(await shop.label("unlabelled")).toContain("0.250 kg");
    });
  });

  describe("poison", () => {
    it.each([
      ["no JSON", "<order>Hafenstr. 7</order>", "OrderUnreadable: The file is not JSON"],
      ["no lines", { ...order("o", []) }, "orderItems"],
      ["an id that climbs", { ...order("../../o", [line("1", "X")]) }, "orderId: has the wrong form"],
      ["an id of the language", { ...order("__proto__", [line("1", "X")]) }, "orderId: has the wrong form"],
      ["a line twice", { ...order("o", [line("1", "X"), line("1", "Y")]) }, "orderItems[1].lineId: is there twice"],
      ["half a cent", { ...order("o", [line("1", "X", { unitPriceMinor: 0.5 })]) }, "orderItems[0].unitPriceMinor"],
      ["nothing of something", { ...order("o", [line("1", "X", { quantity: 0 })]) }, "orderItems[0].quantity"],
    ])("with %s is put aside with its reason, without a word of what it held", async (name, content, reason) => {
      await shop.upload(content, `poison ${name}.json`);
      await shop.app.settle();
      const [refused] = await bodies("ParkedOrders");
      expect(refused).toMatchObject({ file: `incoming/poison ${name}.json` });
      expect(refused?.["reason"]).toContain(reason);
      expect(JSON.stringify(refused)).not.toContain("Hafenstr");
    });

    it("another order under a known id changes nothing", async () => {
      await shop.shelve({ BOOK: 5 });
      await run(order("same-id", [line("1", "BOOK")]));
      const outcome = await run(order("same-id", [line("1", "BOOK", { quantity: 2 })]));
      expect(outcome).toMatchObject({ status: "FAILED", error: "OrderRefused" });
      expect(outcome.cause).toContain("OrderChanged");
      expect(await shop.stockOf("BOOK")).toEqual({ available: 4, locked: 0, packed: 1 });
      await bodies("ParkedOrders");
    });

    it("an article named like a member of every object is an article", async () => {
      await shop.shelve({ constructor: 1 });
      await run(order("odd", [line("constructor", "constructor", { name: '<script>&"\u0000' })]));
      expect(await shop.orderRow("odd")).toMatchObject({ status: "COMPLETE" });
    });

    it.each([0, 1, 2])(
      "at place %i of a batch of deliveries is put aside; its neighbours are shelved once",
      async (place) => {
        const sku = `BATCH-${place}`;
        const messages = [0, 1, 2].map((index) =>
          index === place ? "{}" : JSON.stringify({ deliveryId: `${sku}-${index}`, sku, quantity: 1 }),
        );
        for (const MessageBody of messages)
          await shop.app
            .client(SQSClient)
            .send(new SendMessageCommand({ QueueUrl: shop.app.resource("Deliveries"), MessageBody }));
        await shop.app.settle();
        expect(await shop.stockOf(sku)).toEqual({ available: 2, locked: 0, packed: 0 });
        const dead = await shop.app.messages("DeadLetters");
        expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual([
          "InputInvalid",
        ]);
      },
    );
  });
}
