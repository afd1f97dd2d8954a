import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { InputInvalid } from "../errors.ts";
import { queueRecord } from "../testing/events.ts";

afterEach(() => vi.unstubAllEnvs());

const error = new InputInvalid([{ field: "body.task", problem: "expected\nstring" }]);

/** Puts a record aside into a queue of a local cloud and answers what is found there. */
async function putAside(envelope: unknown, queueName = "dead") {
  // A fresh client for the fresh cloud; before the cloud starts, which loads its services when they are called.
  vi.resetModules();
  const { testCloud } = await import("../../local/testing.ts");
  await using cloud = await testCloud();
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.endpoint);
  vi.stubEnv("AWS_REGION", cloud.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIALOCALACCOUNT0000");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const { sendToDeadLetters } = await import("./dead-letters.ts");
  const client = cloud.client(SQSClient);
  const Attributes = queueName.endsWith(".fifo") ? { FifoQueue: "true" } : {};
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: queueName, Attributes }));
  await sendToDeadLetters(QueueUrl)(envelope, error);
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All"] }),
  );
  return Messages?.map(({ Body, MessageAttributes, Attributes }) => ({
    body: Body,
    group: Attributes?.MessageGroupId,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
    ),
  }));
}

const reason = { error: "InputInvalid", reason: "body.task: expected string" };

describe("a record that is put aside", () => {
  it("keeps its body and attributes and gets the reason", async () => {
    expect(await putAside(queueRecord('{"task":7}', { attributes: { kind: "gift" } }))).toEqual([
      { body: '{"task":7}', group: undefined, attributes: { kind: "gift", ...reason } },
    ]);
  });

  it("stays within SQS's ten attributes", async () => {
    const many = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`a${n}`, "x"]));
    const [message] = (await putAside(queueRecord("{}", { attributes: many }))) ?? [];
    expect(Object.keys(message?.attributes ?? {})).toHaveLength(10);
    expect(message?.attributes).toMatchObject(reason);
  });

  it("keeps its group in a FIFO queue", async () => {
    expect(await putAside(queueRecord("{}", { group: "g" }), "dead.fifo")).toEqual([
      { body: "{}", group: "g", attributes: reason },
    ]);
  });

  it("is kept as JSON when it is no message of a queue", async () => {
    expect(await putAside({ eventID: "1" })).toEqual([
      { body: '{"eventID":"1"}', group: undefined, attributes: reason },
    ]);
  });
});
