import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { line, openShop, order } from "./shop.ts";

const messages = async (app: LocalApp, queue: string, text: string) =>
  (await app.messages(queue)).filter(({ Body = "" }) => Body.includes(text));

proofs("order-fulfillment", {
  parameters: {
    InlineLines: "2",
    ItemsAtATime: "1",
    BatchesAtATime: "1",
    // A function that is needed again only then is still warm, also when some orders wait one after another.
    LookAgainSeconds: "1200",
    MaximumRounds: "2",
  },
  uses: {
    "a small order is packed as far as goods are there, and goes on when the others come": async (app, id) => {
      const shop = openShop(app);
      await shop.deliver({ [`${id}-A`]: 1 }, id);
      await app.settle();
      await shop.submit(order(id, [line("1", `${id}-A`), line("2", `${id}-B`)]));
      await app.eventually(async () => (await shop.orderRow(id))?.status === "WAITING", 1_000);
      await shop.deliver({ [`${id}-B`]: 1 }, `${id}b`);
      // By the delivery, not because it is time to look again.
      await app.eventually(async () => (await shop.orderRow(id))?.status === "COMPLETE", 1_000);
      expect(await shop.label(id, 2)).toContain("0.250 kg");
      await app.settle();
    },

    "a larger one travels through S3, and what never comes is cancelled": async (app, id) => {
      const shop = openShop(app);
      await shop.deliver({ [id]: 1 }, id);
      await app.settle();
      const missing = ["2", "3", "4"].map((lineId) => line(lineId, `${id}-NONE`));
      await shop.upload(order(id, [line("1", id), ...missing]), `${id}.json`);
      await app.settle();
      expect(await shop.orderRow(id)).toMatchObject({ status: "PARTIAL", capturedMinor: 1_000 });
      expect(await shop.ledgerOf(id)).toMatchObject([{ state: "VOIDED", voidedMinor: 3_000 }, { amountMinor: 1_000 }]);
    },

    "an order whose card lapses is released": async (app, id) => {
      const shop = openShop(app);
      await shop.deliver({ [id]: 1 }, id);
      await app.settle();
      await shop.submit(order(id, [line("1", id)], { paymentToken: "tok_lapsing" }));
      await app.settle();
      expect(await shop.orderRow(id)).toMatchObject({ status: "FAILED" });
      expect(await shop.stockOf(id)).toEqual({ available: 1, locked: 0, packed: 0 });
    },

    // The two that follow invoke the functions themselves: nobody tries again, so a grant that is missing shows at once.
    "each step is found again when it is repeated": async (app, id) => {
      const shop = openShop(app);
      await shop.deliver({ [id]: 1 }, id);
      await app.settle();
      // That it is shelved is not all: those who wait for it are looked up.
      expect(await messages(app, "DeadLetters", id)).toEqual([]);
      const lines = [line("1", id)];
      await app.invoke("CheckOrder", { execution: id, received: order(id, lines) });
      for (const step of ["LockLines", "PullLines", "PackLines"])
        for (let times = 0; times < 2; times++) await app.invoke(step, { orderId: id, round: 1, lines });
      expect(await shop.stockOf(id)).toEqual({ available: 0, locked: 0, packed: 1 });
      await app.invoke("PrintLabel", { orderId: id, round: 1, lines: 1, weightGrams: 250 });
      expect(await shop.label(id)).toContain("0.250 kg");
      await app.invoke("ReleaseLines", { orderId: id, paidRounds: [], to: "RELEASED" });
      expect(await shop.stockOf(id)).toEqual({ available: 1, locked: 0, packed: 0 });
    },

    "a payment is found again when it is repeated, and an authorisation that never was is forestalled": async (
      app,
      id,
    ) => {
      const shop = openShop(app);
      await app.invoke("CheckOrder", { execution: id, received: order(id, [line("1", id)]) });
      for (let times = 0; times < 2; times++)
        expect(await app.invoke("AuthorizePayment", { orderId: id })).toMatchObject({ authorizedMinor: 1_000 });
      for (let times = 0; times < 2; times++)
        await app.invoke("CapturePayment", { orderId: id, round: 1, amountMinor: 400 });
      expect(await shop.ledgerOf(id)).toMatchObject([{ remainingMinor: 600 }, { amountMinor: 400 }]);
      await app.invoke("VoidPayment", { orderId: id });
      expect(await shop.ledgerOf(id)).toMatchObject([{ state: "VOIDED", voidedMinor: 600 }, { amountMinor: 400 }]);
      await app.invoke("VoidPayment", { orderId: `${id}x` });
      expect(await shop.ledgerOf(`${id}x`)).toMatchObject([{ state: "VOIDED", authorizedMinor: 0 }]);
    },

    "what is no order and what is no delivery is put aside": async (app, id) => {
      const shop = openShop(app);
      await shop.upload(`{${id}`, `${id}.json`);
      await shop.deliver({ [id]: 0 }, id);
      await app.settle();
      expect(await messages(app, "ParkedOrders", id)).not.toEqual([]);
      // With its reason, which is missing where a message merely failed too often.
      const [dead] = await messages(app, "DeadLetters", id);
      expect(dead?.MessageAttributes?.["error"]?.StringValue).toBe("InputInvalid");
    },
  },
  spare: {
    "FulfillOrderRole states:DescribeExecution": "a Map run watches its batches by it in an account",
    "FulfillOrderRole states:StopExecution": "a Map run that is stopped stops its batches by it in an account",
    "FulfillOrderRole states:StartExecution": "a Map run starts its batches by it in an account",
    "FulfillOrderRole s3:GetObject": "the ResultWriter reads results by it in an account",
    "FulfillOrderRole s3:ListMultipartUploadParts": "the ResultWriter writes long results by it in an account",
    "FulfillOrderRole s3:AbortMultipartUpload": "the ResultWriter writes long results by it in an account",
    "FulfillOrderRole logs:CreateLogDelivery": "execution logs need it in an account",
    "FulfillOrderRole logs:GetLogDelivery": "execution logs need it in an account",
    "FulfillOrderRole logs:UpdateLogDelivery": "execution logs need it in an account",
    "FulfillOrderRole logs:DeleteLogDelivery": "execution logs need it in an account",
    "FulfillOrderRole logs:ListLogDeliveries": "execution logs need it in an account",
    "FulfillOrderRole logs:PutResourcePolicy": "execution logs need it in an account",
    "FulfillOrderRole logs:DescribeResourcePolicies": "execution logs need it in an account",
    "FulfillOrderRole logs:DescribeLogGroups": "execution logs need it in an account",
  },
});
