/** What each batch call makes of the service's answer. The services themselves answer in the scenario tests of the apps. */
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { BatchGetCommand, BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { documents } from "../clients/documents.ts";
import { eventbridge } from "../clients/eventbridge.ts";
import { s3 } from "../clients/s3.ts";
import { sqs } from "../clients/sqs.ts";
import { deleteObjects } from "./delete-objects.ts";
import { putEvents } from "./put-events.ts";
import { sendMessages } from "./send-messages.ts";
import { readItems, writeItems } from "./write-items.ts";

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => vi.restoreAllMocks());

/** Puts answers in the place of a client's calls and keeps their inputs. The last answer is for all further calls. */
function answering<Command extends { input: unknown }>(
  client: { send: (...seen: never[]) => unknown },
  Command: new (...seen: never[]) => Command,
  ...answers: readonly object[]
): Command["input"][] {
  const inputs: Command["input"][] = [];
  vi.spyOn(client, "send").mockImplementation((async (command: unknown) => {
    await Promise.resolve();
    if (!(command instanceof Command)) throw new Error("Another call");
    inputs.push(command.input);
    return answers[Math.min(inputs.length, answers.length) - 1] ?? {};
  }) as never); // the overloads of `send` are beyond what a mock can say
  return inputs;
}

describe("messages into a queue", () => {
  it("go ten a call, text as it is and anything else as JSON", async () => {
    const inputs = answering(sqs, SendMessageBatchCommand, {});
    await sendMessages("queue", [
      { body: "text", delaySeconds: 5 },
      { body: { a: 1 }, attributes: { kind: "gift" }, groupId: "g", deduplicationId: "d" },
    ]);
    await sendMessages(
      "queue",
      Array.from({ length: 12 }, (_, n) => ({ body: n })),
    );
    expect(inputs[0]).toEqual({
      QueueUrl: "queue",
      Entries: [
        { Id: "0", MessageBody: "text", DelaySeconds: 5 },
        {
          Id: "1",
          MessageBody: '{"a":1}',
          MessageAttributes: { kind: { DataType: "String", StringValue: "gift" } },
          MessageGroupId: "g",
          MessageDeduplicationId: "d",
        },
      ],
    });
    expect(inputs.slice(1).map(({ Entries }) => Entries?.length)).toEqual([10, 2]);
  });

  it("that failed by a fault of SQS are sent again, those that are wrong are not", async () => {
    const inputs = answering(
      sqs,
      SendMessageBatchCommand,
      {
        Failed: [
          { Id: "0", Code: "InternalError", SenderFault: false },
          { Id: "2", Code: "InvalidMessageContents", SenderFault: true },
        ],
      },
      {},
    );
    const sending = sendMessages("queue", [{ body: "a" }, { body: "b" }, { body: "c" }]);
    await expect(sending).rejects.toThrow("1 of 3 entries were not taken: InvalidMessageContents");
    expect(inputs.map(({ Entries }) => Entries?.map(({ MessageBody }) => MessageBody))).toEqual([
      ["a", "b", "c"],
      ["a"],
    ]);
  });

  it("are packed by size", async () => {
    const inputs = answering(sqs, SendMessageBatchCommand, {});
    await sendMessages(
      "queue",
      Array.from({ length: 5 }, () => ({ body: "x".repeat(100_000) })),
    );
    expect(inputs.map(({ Entries }) => Entries?.length)).toEqual([2, 2, 1]);
  });
});

describe("events onto a bus", () => {
  const event = (n: number) => ({ bus: "orders", source: "shop", detailType: "Placed", detail: { n } });

  it("answer their ids in the order given, also when some were put at the second try", async () => {
    const inputs = answering(
      eventbridge,
      PutEventsCommand,
      { FailedEntryCount: 1, Entries: [{ EventId: "e0" }, { ErrorCode: "InternalFailure" }, { EventId: "e2" }] },
      { FailedEntryCount: 0, Entries: [{ EventId: "e1" }] },
    );
    expect(await putEvents([event(0), event(1), event(2)])).toEqual(["e0", "e1", "e2"]);
    expect(inputs[1]?.Entries).toEqual([
      { EventBusName: "orders", Source: "shop", DetailType: "Placed", Detail: '{"n":1}' },
    ]);
  });

  it("that are wrong are not put again", async () => {
    const inputs = answering(eventbridge, PutEventsCommand, {
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "MalformedDetail" }],
    });
    await expect(putEvents([event(0)])).rejects.toMatchObject({
      name: "EntriesLeft",
      fields: { codes: ["MalformedDetail"] },
    });
    expect(inputs).toHaveLength(1);
  });
});

describe("items of a table", () => {
  it("are put and removed 25 a call; unprocessed ones again", async () => {
    const items = Array.from({ length: 30 }, (_, id) => ({ id }));
    const left = [{ PutRequest: { Item: { id: 3 } } }];
    const inputs = answering(documents, BatchWriteCommand, { UnprocessedItems: { jobs: left } }, {});
    await writeItems("jobs", { put: items, remove: [{ id: 99 }] });
    expect(inputs.map(({ RequestItems }) => RequestItems?.jobs?.length)).toEqual([25, 6, 1]);
    expect(inputs[1]?.RequestItems?.jobs?.at(-1)).toEqual({ DeleteRequest: { Key: { id: 99 } } });
    expect(inputs[2]?.RequestItems?.jobs).toEqual(left);
  });

  it("are read 100 a call; unprocessed keys again", async () => {
    const keys = Array.from({ length: 120 }, (_, id) => ({ id }));
    const inputs = answering(
      documents,
      BatchGetCommand,
      { Responses: { jobs: [{ id: 0, a: 1 }] }, UnprocessedKeys: { jobs: { Keys: [{ id: 7 }] } } },
      { Responses: { jobs: [{ id: 101 }] } },
      { Responses: { jobs: [{ id: 7 }] } },
    );
    expect(await readItems("jobs", keys)).toEqual([{ id: 0, a: 1 }, { id: 101 }, { id: 7 }]);
    expect(inputs.map(({ RequestItems }) => RequestItems?.jobs?.Keys?.length)).toEqual([100, 20, 1]);
  });
});

describe("objects to remove", () => {
  it("go 1,000 a call, by version where there is one", async () => {
    const inputs = answering(s3, DeleteObjectsCommand, {});
    await deleteObjects("photos", [
      { key: "a", versionId: "v1" },
      ...Array.from({ length: 1_000 }, (_, n) => ({ key: `k${n}` })),
    ]);
    expect(inputs.map(({ Delete }) => Delete?.Objects?.length)).toEqual([1_000, 1]);
    expect(inputs[0]?.Delete?.Objects?.[0]).toEqual({ Key: "a", VersionId: "v1" });
    expect(inputs[0]?.Delete?.Objects?.[1]).toEqual({ Key: "k0" });
  });

  it("that S3 was too busy for are removed again, those it refused are thrown", async () => {
    const inputs = answering(
      s3,
      DeleteObjectsCommand,
      {
        Errors: [
          { Key: "a", VersionId: "v1", Code: "InternalError" },
          { Key: "b", Code: "AccessDenied" },
        ],
      },
      {},
    );
    const removing = deleteObjects("photos", [{ key: "a", versionId: "v1" }, { key: "b" }, { key: "c" }]);
    await expect(removing).rejects.toThrow("1 of 3 entries were not taken: AccessDenied");
    expect(inputs[1]?.Delete?.Objects).toEqual([{ Key: "a", VersionId: "v1" }]);
  });
});
