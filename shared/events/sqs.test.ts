import { describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { AppError, Unavailable } from "../errors.ts";
import { notification, queueRecord, type QueueRecordOptions } from "../testing/events.ts";
import { lambdaContext, written } from "../testing/invocation.ts";
import type { EachOptions } from "./records.ts";
import { handleSqs } from "./sqs.ts";

const Task = z.object({ task: z.string() });
class TaskUnknown extends AppError {}

const batch = (...records: readonly [unknown, QueueRecordOptions?][]) => ({
  Records: records.map(([body, options]) => queueRecord(body, options)),
});
const tasks = (...names: readonly string[]) =>
  batch(...names.map((task): [unknown, QueueRecordOptions] => [{ task }, { id: task }]));
const failing = (...names: readonly string[]) => ({
  batchItemFailures: names.map((itemIdentifier) => ({ itemIdentifier })),
});

/** Works through an event: fails on tasks called `bad…`, and says what was done and logged. */
async function work(event: unknown, options: EachOptions = {}) {
  const done: string[] = [];
  const handler = handleSqs({ body: Task, ...options }, async ({ task }) => {
    await Promise.resolve();
    if (task.startsWith("bad")) throw new Error("broken");
    if (task.startsWith("unknown")) throw new TaskUnknown("No such task");
    if (task.startsWith("busy")) throw new Unavailable("Busy");
    done.push(task);
  });
  let answer: unknown;
  const { entries } = await written(async () => (answer = await handler(event, lambdaContext())));
  return { done, answer, entries };
}

describe("a function behind a queue", () => {
  it("gets each body parsed and typed, with what the queue knows of it", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    const handler = handleSqs({ body: Task }, (body, message) => {
      expectTypeOf(body).toEqualTypeOf<{ task: string }>();
      seen(body, message);
    });
    await handler(
      batch([
        { task: "a", more: 1 },
        { id: "m-7", receiveCount: 3, attributes: { kind: "gift" } },
      ]),
      lambdaContext(),
    );
    expect(seen).toHaveBeenCalledExactlyOnceWith(
      { task: "a" },
      {
        messageId: "m-7",
        queueArn: "arn:aws:sqs:eu-west-1:123456789012:orders",
        receiveCount: 3,
        attributes: new Map([["kind", "gift"]]),
      },
    );
  });

  it("gets the message of a topic out of its envelope, with the topic's attributes", async () => {
    const seen = vi.fn<(...seen: unknown[]) => unknown>();
    await handleSqs({ body: Task }, (body, { attributes }) => seen(body, attributes))(
      batch([notification({ task: "a" }, { kind: "gift" })]),
      lambdaContext(),
    );
    expect(seen).toHaveBeenCalledExactlyOnceWith({ task: "a" }, new Map([["kind", "gift"]]));
  });

  it("works on every record and reports none", async () => {
    expect(await work(tasks("a", "b", "c"))).toMatchObject({ answer: failing(), entries: [] });
    expect((await work(tasks("a", "b", "c"))).done.toSorted()).toEqual(["a", "b", "c"]);
  });

  it.each(Array.from({ length: 10 }, (_, position) => position))(
    "does nine when the record at position %i fails",
    async (position) => {
      const names = Array.from({ length: 10 }, (_, index) => (index === position ? `bad${index}` : `t${index}`));
      const { done, answer } = await work(tasks(...names));
      expect(answer).toEqual(failing(`bad${position}`));
      expect(done.toSorted()).toEqual(names.filter((name) => name.startsWith("t")));
    },
  );

  it("reports all when all fail, instead of failing itself", async () => {
    expect((await work(tasks("bad1", "bad2"))).answer).toEqual(failing("bad1", "bad2"));
  });

  it.each([
    ["no JSON", "hello secret", "InputInvalid: body: not valid JSON"],
    ["an empty body", "", "InputInvalid: body: missing"],
    ["a wrong type", { task: 7 }, "InputInvalid: body.task: expected string"],
    ["null", "null", "InputInvalid: body: expected object"],
    ["__proto__", '{"__proto__":{"task":"a"}}', "InputInvalid: body.task: missing"],
  ])("reports a poison record (%s) and logs its id and reason, not its content", async (_, body, reason) => {
    const { answer, entries } = await work(batch([body, { id: "poison" }], [{ task: "a" }, { id: "good" }]));
    expect(answer).toEqual(failing("poison"));
    expect(entries).toEqual([expect.objectContaining({ message: "record failed", record: "poison", reason })]);
    expect(JSON.stringify(entries)).not.toContain("secret");
  });

  it("keeps the log lines of records apart that are worked on at the same time", async () => {
    const { entries } = await work(tasks("bad1", "bad2", "bad3"));
    expect(entries.map(({ record, correlation_id }) => [record, correlation_id]).toSorted()).toEqual([
      ["bad1", "bad1"],
      ["bad2", "bad2"],
      ["bad3", "bad3"],
    ]);
  });

  it("works on as many records at a time as it is told", async () => {
    let running = 0;
    let most = 0;
    const handler = handleSqs({ body: Task, concurrency: 3 }, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setImmediate(done));
      running -= 1;
    });
    await handler(tasks(..."abcdefghij"), lambdaContext());
    expect(most).toBe(3);
  });

  it("refuses an event that is not of a queue, as a whole", async () => {
    const handler = handleSqs({ body: Task }, () => {});
    await written(async () => {
      await expect(handler({ Records: [{ eventSource: "aws:s3" }] }, lambdaContext())).rejects.toThrow(
        'Records[0].eventSource: expected "aws:sqs"',
      );
      await expect(handler({}, lambdaContext())).rejects.toThrow("Records: missing");
    });
  });

  it("answers an empty batch", async () => {
    expect((await work({ Records: [] })).answer).toEqual(failing());
  });
});

describe("a function behind a FIFO queue", () => {
  const fifo = (...records: readonly [task: string, group: string][]) =>
    batch(
      ...records.map(([task, group]): [unknown, QueueRecordOptions] => [
        { task },
        { id: task, group, queue: "orders.fifo" },
      ]),
    );

  it("keeps the order of a group, whatever the concurrency", async () => {
    const { done } = await work(fifo(["a1", "a"], ["b1", "b"], ["a2", "a"], ["b2", "b"], ["a3", "a"]), {
      concurrency: 5,
    });
    expect(done.filter((task) => task.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
    expect(done.filter((task) => task.startsWith("b"))).toEqual(["b1", "b2"]);
  });

  it("stops a group at its first failure and reports the rest of it; other groups go on", async () => {
    const { done, answer, entries } = await work(
      fifo(["a1", "a"], ["bad", "a"], ["b1", "b"], ["a3", "a"], ["a4", "a"], ["b2", "b"]),
    );
    expect(done.toSorted()).toEqual(["a1", "b1", "b2"]);
    expect(answer).toEqual(failing("bad", "a3", "a4"));
    expect(entries.at(-1)).toMatchObject({ message: "records wait for the failed one before them", waiting: 2 });
  });

  it("does not take the groups of a standard queue for an order", async () => {
    const event = batch([{ task: "bad" }, { id: "bad", group: "a" }], [{ task: "a2" }, { id: "a2", group: "a" }]);
    expect(await work(event)).toMatchObject({ done: ["a2"], answer: failing("bad") });
  });
});

describe("putting records aside", () => {
  it("takes those that no retry can save, with the reason, and reports the others", async () => {
    const putAside = vi.fn<NonNullable<EachOptions["putAside"]>>(() => Promise.resolve());
    const event = batch(
      [{ task: 7 }, { id: "poison" }],
      [{ task: "unknown" }, { id: "unknown" }],
      [{ task: "busy" }, { id: "busy" }],
      [{ task: "bad" }, { id: "bad" }],
      [{ task: "a" }, { id: "a" }],
    );
    const { done, answer, entries } = await work(event, { putAside });
    expect(done).toEqual(["a"]);
    expect(answer).toEqual(failing("busy", "bad"));
    expect(
      putAside.mock.calls.map(([envelope, error]) => [(envelope as { messageId: string }).messageId, error.message]),
    ).toEqual([
      ["poison", "body.task: expected string"],
      ["unknown", "No such task"],
    ]);
    expect(entries.filter(({ message }) => message === "record put aside")).toHaveLength(2);
  });

  it("lets a group of a FIFO queue go on", async () => {
    const event = batch(
      [{ task: 7 }, { id: "poison", group: "a", queue: "orders.fifo" }],
      [{ task: "a2" }, { id: "a2", group: "a", queue: "orders.fifo" }],
    );
    expect(await work(event, { putAside: () => Promise.resolve() })).toMatchObject({ done: ["a2"], answer: failing() });
  });

  it("that fails leaves the record in the queue", async () => {
    const { answer, entries } = await work(batch([{ task: 7 }, { id: "poison" }]), {
      putAside: () => Promise.reject(new Error("no queue")),
    });
    expect(answer).toEqual(failing("poison"));
    expect(entries.map(({ message }) => message)).toEqual(["record failed", "record could not be put aside"]);
  });
});
