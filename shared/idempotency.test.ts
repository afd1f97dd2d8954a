import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { dynamodb } from "./clients/dynamodb.ts";
import { Unavailable } from "./errors.ts";
import { handleDynamoDb } from "./events/dynamodb.ts";
import { handleEventBridge } from "./events/eventbridge.ts";
import { handleS3 } from "./events/s3.ts";
import { handleSns } from "./events/sns.ts";
import { handleSqs } from "./events/sqs.ts";
import { handleHttp } from "./http.ts";
import { by } from "./idempotency.ts";
import { handle } from "./middleware.ts";
import { busEvent, objectRecord, queueRecord, topicEvent } from "./testing/events.ts";
import { IdempotencyTable } from "./testing/idempotency-table.ts";
import { lambdaContext, written } from "./testing/invocation.ts";

const Order = z.object({ orderId: z.string(), amount: z.optional(z.number()) });
const order = { orderId: "o-1", amount: 5 };
const noon = new Date("2030-01-07T12:00:00Z");
const context = lambdaContext();

let table = new IdempotencyTable();

beforeEach(() => {
  vi.stubEnv("IDEMPOTENCY_TABLE", "Idempotency");
  vi.useFakeTimers({ toFake: ["Date"], now: noon });
  table = new IdempotencyTable();
  vi.spyOn(dynamodb, "send").mockImplementation(table.send);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A function that counts how often it really worked; it can be made to wait and to fail. */
function counting(options: Parameters<typeof by>[1] = {}) {
  const state = { worked: 0, error: undefined as Error | undefined, until: Promise.resolve() };
  const handler = handle({ input: Order, idempotent: by("orderId", options) }, async ({ orderId }) => {
    state.worked += 1;
    await state.until;
    if (state.error) throw state.error;
    return { orderId, number: state.worked, at: noon };
  });
  return { state, handler };
}

const later = (milliseconds: number) => vi.setSystemTime(noon.getTime() + milliseconds);
/** Keeps the expected log lines of failures off the screen. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result> {
  const results: Result[] = [];
  await written(async () => results.push(await work()));
  const [result] = results;
  return result as Result; // there is one: a failure of the work has been thrown
}

describe("a duplicate", () => {
  it("gets the result of the first, and the work is not done again", async () => {
    const { state, handler } = counting();
    const first = await handler(order, context);
    expectTypeOf(first.number).toEqualTypeOf<number>();
    expect(await handler({ ...order }, lambdaContext({ awsRequestId: "another" }))).toEqual(first);
    expect(state.worked).toBe(1);
  });

  it("is told by what the path finds, whatever else is different", async () => {
    const { state, handler } = counting();
    await handler(order, context);
    await handler({ ...order, amount: 6 }, context);
    await handler({ orderId: "o-2" }, context);
    expect(state.worked).toBe(2);
  });

  it("of another function is none", async () => {
    const { state, handler } = counting();
    await handler(order, context);
    await handler(order, lambdaContext({ functionName: "Another" }));
    expect(state.worked).toBe(2);
  });

  it("of a work without result gets none", async () => {
    const handler = handle({ input: Order, idempotent: by("orderId") }, () => undefined);
    expect(await handler(order, context)).toBeUndefined();
    expect(await handler(order, context)).toBeUndefined();
  });

  it.each([
    ["an undefined member", { a: undefined, b: 1 }, { b: 1 }],
    ["a number beyond DynamoDB's types", { a: Number.MAX_SAFE_INTEGER * 4 }, { a: Number.MAX_SAFE_INTEGER * 4 }],
    ["a date", { a: noon }, { a: noon.toISOString() }],
    ["empty text and null", { a: "", b: null }, { a: "", b: null }],
    ["__proto__", JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
  ])("gets a result with %s as JSON, as the first did", async (_, result: object, expected) => {
    const handler = handle({ input: Order, idempotent: by("orderId") }, () => result);
    expect(await handler(order, context)).toEqual(expected);
    expect(await handler(order, context)).toEqual(expected);
  });

  it("after the time to live does the work again", async () => {
    const { state, handler } = counting({ expiresAfterSeconds: 60 });
    await handler(order, context);
    const [item] = table.items.values();
    expect(Number(item?.expiration?.N), "time to live counts in seconds").toBe(noon.getTime() / 1_000 + 60);
    later(59_000);
    await handler(order, context);
    expect(state.worked).toBe(1);
    later(61_000);
    await handler(order, context);
    expect(state.worked).toBe(2);
  });

  it("of a failed work does it again", async () => {
    const { state, handler } = counting();
    state.error = new Unavailable("Busy");
    await quietly(async () => expect(await handler(order, context).catch((error: unknown) => error)).toBe(state.error));
    expect(table.items.size).toBe(0);
    state.error = undefined;
    expect(await handler(order, context)).toMatchObject({ number: 2 });
  });
});

describe("a duplicate at the same moment", () => {
  it("is refused as in progress, to be tried again, and does not do the work", async () => {
    const { state, handler } = counting();
    const gate = Promise.withResolvers<void>();
    state.until = gate.promise;
    const first = handler(order, context);
    await vi.waitFor(() => expect(state.worked).toBe(1));
    await quietly(async () => {
      const error: unknown = await handler(order, context).catch((error: unknown) => error);
      expect(error).toMatchObject({ name: "InProgress", retryable: true, status: 409 });
    });
    gate.resolve();
    const result = await first;
    expect(state.worked).toBe(1);
    expect(await handler(order, context)).toEqual(result);
  });

  it("wins once of ten", async () => {
    const { state, handler } = counting();
    await quietly(async () => {
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => handler(order, context)));
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });
    expect(state.worked).toBe(1);
  });

  it("takes over when the first would have timed out", async () => {
    const { state, handler } = counting();
    state.until = new Promise(() => {}); // the first was ended in the middle
    void handler(order, lambdaContext({ getRemainingTimeInMillis: () => 3_000 }));
    await vi.waitFor(() => expect(state.worked).toBe(1));
    state.until = Promise.resolve();
    later(2_900);
    await quietly(async () => expect(handler(order, context)).rejects.toMatchObject({ name: "InProgress" }));
    later(3_100);
    expect(await handler(order, context)).toMatchObject({ number: 2 });
  });
});

describe("trouble with the table", () => {
  it("before the work: it is not begun", async () => {
    const { state, handler } = counting();
    table.failing.set("Put", new Error("ProvisionedThroughputExceededException"));
    await quietly(async () => expect(handler(order, context)).rejects.toThrow("Failed to save in progress record"));
    expect(state.worked).toBe(0);
  });

  it("after a failed work: the failure of the work is what counts", async () => {
    const { state, handler } = counting();
    state.error = new Unavailable("Busy");
    table.failing.set("Delete", new Error("no table"));
    await quietly(async () => expect(await handler(order, context).catch((error: unknown) => error)).toBe(state.error));
  });

  it("none of which is a missing key: that is an invalid input", async () => {
    const handler = handle({ input: z.looseObject({}), idempotent: by("orderId") }, () => "done");
    await quietly(async () => {
      await expect(handler({ secret: 1 }, context)).rejects.toMatchObject({
        name: "InputInvalid",
        message: "orderId: nothing to tell duplicates by",
      });
    });
  });

  it("is found at start when the table is not named", () => {
    vi.stubEnv("IDEMPOTENCY_TABLE", "");
    expect(() => by("orderId")).toThrow("Environment variable IDEMPOTENCY_TABLE is missing");
  });
});

describe("every kind of event", () => {
  const twice = [order, order];
  const work = vi.fn<(...seen: unknown[]) => void>();
  const stream = (eventID: string) => ({
    eventSource: "aws:dynamodb",
    eventName: "INSERT",
    eventID,
    dynamodb: { Keys: { orderId: { S: "o-1" } }, NewImage: { orderId: { S: "o-1" } }, SequenceNumber: eventID },
  });
  const object = objectRecord("a", { sequencer: "01" });

  it.each([
    [
      "messages",
      () => handleSqs({ body: Order, concurrency: 1, idempotent: by("orderId") }, work),
      { Records: twice.map((body, index) => queueRecord(body, { id: `m-${index}` })) },
    ],
    [
      "messages by their id",
      () => handleSqs({ body: Order, concurrency: 1, idempotent: by("messageId", { of: "envelope" }) }, work),
      { Records: [queueRecord(order), queueRecord(order)] },
    ],
    [
      "notifications",
      () => handleSns({ message: Order, concurrency: 1, idempotent: by("orderId") }, work),
      topicEvent(...twice),
    ],
    [
      "changes of a table",
      () => handleDynamoDb({ row: Order, idempotent: by("keys.orderId") }, work),
      { Records: [stream("1"), stream("2")] },
    ],
    ["objects", () => handleS3({ idempotent: by("[bucket, key, sequencer]") }, work), { Records: [object, object] }],
  ])("%s of one batch are worked on once", async (_, make, event) => {
    work.mockClear();
    const handler = make();
    const answer = await handler(event, context);
    expect(answer?.batchItemFailures ?? []).toEqual([]);
    await handler(event, context);
    expect(work).toHaveBeenCalledOnce();
  });

  it.each([
    [
      "events of a bus",
      () => handleEventBridge({ detail: Order, idempotent: by("id", { of: "envelope" }) }, work),
      busEvent("Order Placed", order),
    ],
    ["inputs of a state machine", () => handle({ input: Order, idempotent: by("orderId") }, work), order],
  ])("%s are worked on once", async (_, make, event) => {
    work.mockClear();
    const handler = make();
    await handler(event, context);
    await handler(event, context);
    expect(work).toHaveBeenCalledOnce();
  });

  it("a request gets the same answer again, and a conflict while the first is answered", async () => {
    const gate = Promise.withResolvers<void>();
    let worked = 0;
    const handler = handleHttp({ body: Order, idempotent: by("body.orderId") }, async () => {
      worked += 1;
      await gate.promise;
      return { number: worked };
    });
    const event = { httpMethod: "POST", path: "/orders", body: JSON.stringify(order), requestContext: {} };
    const first = handler(event, context);
    await vi.waitFor(() => expect(worked).toBe(1));
    const busy = await quietly(() => handler(event, context));
    expect(busy).toMatchObject({ statusCode: 409, headers: { "retry-after": "5" } });
    gate.resolve();
    expect(await first).toEqual(await handler(event, context));
    expect(worked).toBe(1);
  });

  it("a message whose duplicate is worked on at the same time is reported, to come again", async () => {
    work.mockClear();
    const handler = handleSqs({ body: Order, idempotent: by("orderId") }, work);
    const event = { Records: twice.map((body, index) => queueRecord(body, { id: `m-${index}` })) };
    const answer = await quietly(() => handler(event, context));
    expect(answer?.batchItemFailures).toHaveLength(1);
    expect(work).toHaveBeenCalledOnce();
  });
});
