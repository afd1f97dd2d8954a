import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Feed, hoursUpTo } from "../feed.ts";

const idOf = (hour: number): string => `order-${hour}`;

export const orderFulfillment: Feed = {
  app: "order-fulfillment",
  /** Goods arrive, and an order for them. */
  async hour(app, hour) {
    const sku = `SKU-${hour}`;
    const MessageBody = JSON.stringify({ deliveryId: `delivery-${hour}`, sku, quantity: 2 });
    const QueueUrl = app.resource("Deliveries");
    await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const lines = ["1", "2"].map((lineId) => ({
      lineId,
      sku,
      name: "Article",
      quantity: 1,
      unitPriceMinor: 1_000,
      weightGrams: 250,
    }));
    const input = JSON.stringify({
      orderId: idOf(hour),
      currency: "EUR",
      paymentToken: "tok_visa",
      shipTo: { name: "Ada Byron", street: "Hafenstr. 7", postcode: "20457", city: "Hamburg", country: "Germany" },
      orderItems: lines,
    });
    const stateMachineArn = app.resource("FulfillOrder");
    await app.client(SFNClient).send(new StartExecutionCommand({ stateMachineArn, input }));
  },
  async undone(app, hours) {
    const undone: string[] = [];
    for (const orderId of hoursUpTo(hours).map(idOf)) {
      const Key = { orderId, entry: "#order" };
      const query = new GetCommand({ TableName: app.resource("OrdersTable"), Key });
      const { Item } = await app.client(DynamoDBClient).send(query);
      if (Item?.["status"] !== "COMPLETE") undone.push(orderId);
    }
    return undone;
  },
};
