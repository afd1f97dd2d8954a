/** The same rules on the DynamoDB of the local cloud: the condition, the result and the removal are evaluated there. */
import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";
import { lambdaContext, written } from "./testing/invocation.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const order = { orderId: "o-1" };
const noon = Date.UTC(2030, 0, 7, 12);

/** A function that counts how often it worked, with its table on a cloud of its own. */
async function started() {
  // A fresh client for the fresh cloud; before the cloud starts, which loads its services when they are called.
  vi.resetModules();
  const { testCloud } = await import("../local/testing.ts");
  const cloud = await testCloud();
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.endpoint);
  vi.stubEnv("AWS_REGION", cloud.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIALOCALACCOUNT0000");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("IDEMPOTENCY_TABLE", "Idempotency");
  const { handle } = await import("./middleware.ts");
  const { by } = await import("./idempotency.ts");
  const client = cloud.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName: "Idempotency",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  await cloud.clock.settle(); // until the table is there
  const state = { worked: 0, error: undefined as Error | undefined, until: Promise.resolve() };
  const idempotent = by("orderId", { expiresAfterSeconds: 60 });
  const handler = handle({ input: z.object({ orderId: z.string() }), idempotent }, async () => {
    state.worked += 1;
    await state.until;
    if (state.error) throw state.error;
    return { number: state.worked };
  });
  return {
    state,
    handler,
    items: async () => (await client.send(new ScanCommand({ TableName: "Idempotency" }))).Items ?? [],
    [Symbol.asyncDispose]: async (): Promise<void> => void (await cloud.stop()),
  };
}

describe("on DynamoDB", () => {
  it("a duplicate gets the first result until it expires", async () => {
    await using app = await started();
    expect(await app.handler(order, lambdaContext())).toEqual({ number: 1 });
    expect(await app.handler(order, lambdaContext())).toEqual({ number: 1 });
    const [item] = await app.items();
    expect(item).toMatchObject({ status: { S: "COMPLETED" }, expiration: { N: String(noon / 1_000 + 60) } });
    vi.setSystemTime(noon + 61_000);
    expect(await app.handler(order, lambdaContext())).toEqual({ number: 2 });
  });

  it("one of ten at the same moment does the work", async () => {
    await using app = await started();
    await written(async () => {
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => app.handler(order, lambdaContext())));
      const lost = results.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).name] : []));
      expect(new Set(lost)).toEqual(new Set(["InProgress"]));
    });
    expect(app.state.worked).toBe(1);
  });

  it("what an ended invocation left behind is taken over when its time is up", async () => {
    await using app = await started();
    app.state.until = new Promise(() => {});
    void app.handler(order, lambdaContext({ getRemainingTimeInMillis: () => 3_000 }));
    await vi.waitFor(() => expect(app.state.worked).toBe(1));
    app.state.until = Promise.resolve();
    await written(async () =>
      expect(app.handler(order, lambdaContext())).rejects.toMatchObject({ name: "InProgress" }),
    );
    vi.setSystemTime(noon + 3_100);
    expect(await app.handler(order, lambdaContext())).toEqual({ number: 2 });
  });

  it("a failure leaves nothing behind", async () => {
    await using app = await started();
    app.state.error = new Error("broken");
    await written(async () => expect(app.handler(order, lambdaContext())).rejects.toThrow("broken"));
    expect(await app.items()).toEqual([]);
  });
});
