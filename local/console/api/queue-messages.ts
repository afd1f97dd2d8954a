/** What lies in a queue, read where SQS keeps it: a look is no receive, and shows what is in flight or delayed too. */
import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { ConsoleContext } from "../context.ts";
import { ServiceError } from "../../core/errors.ts";
import { NEVER_RECEIVED, type Receipts, type SentMessage } from "../../services/sqs/message.ts";
import { makeReceiptHandle } from "../../services/sqs/receipt-handle.ts";
import { SAFE_HEADERS } from "../guard.ts";
import { type Ask, fieldsOf, notFound, optional, required, type Routes, Whole } from "../route.ts";

const PAGE = 50;
/** What is shown of a body; the rest can be asked for. */
const SHOWN = 16_000;
/** Ids in one request to move or delete. */
const MOST = 1_000;

interface Kept {
  readonly message: SentMessage;
  readonly receipts: Receipts;
}

export function queueMessageRoutes(context: ConsoleContext): Routes {
  const { cloud } = context;
  const messages = cloud.storage.map<SentMessage>("sqs.messages");
  const receipts = cloud.storage.map<Receipts>("sqs.receipts");
  const urlOf = (name: string) => `${cloud.endpoint}/${cloud.accountId}/${name}`;
  const keyOf = (queue: string, id: string) => `${queue}/${id}`;
  const kept = (message: SentMessage): Kept => ({
    message,
    receipts: receipts.get(keyOf(message.queueName, message.id)) ?? NEVER_RECEIVED,
  });
  const find = (queue: string, id: string): Kept => {
    const message = messages.get(keyOf(queue, id));
    if (!message) throw notFound(`The message ${id} is not in ${queue} any more`);
    return kept(message);
  };

  const describe = ({ message, receipts: { count, firstAt, invisibleUntil } }: Kept) => ({
    id: message.id,
    state: stateOf(cloud.clock.now(), message, invisibleUntil),
    until: Math.max(message.delayedUntil, invisibleUntil),
    sentAt: message.sentAt,
    sender: message.senderId,
    received: count,
    firstAt,
    group: message.groupId,
    deduplication: message.deduplicationId,
    trace: message.traceHeader,
    from: message.deadLetterSourceArn?.split(":").at(-1),
    attributes: Object.fromEntries(Object.entries(message.attributes).map(([name, value]) => [name, textOf(value)])),
    body: { text: message.body.slice(0, SHOWN), cut: Math.max(0, message.body.length - SHOWN) },
  });

  /** Deletes a message that nobody is working on, by the handle of its latest receive. */
  const remove = async (queue: string, { message, receipts: { invisibleUntil, latest } }: Kept) => {
    if (stateOf(cloud.clock.now(), message, invisibleUntil) === "in flight")
      throw new ServiceError("InFlight", "Somebody has received it and is working on it", { status: 409 });
    await context.act("sqs", "DeleteMessage", {
      QueueUrl: urlOf(queue),
      ReceiptHandle: makeReceiptHandle(queue, message.id, latest),
    });
  };

  /** As a move task does: the message is a new one in the other queue. It is there before it is gone here. */
  const move = async (queue: string, id: string, to: string | undefined) => {
    const found = find(queue, id);
    const { message } = found;
    const target = to ?? message.deadLetterSourceArn?.split(":").at(-1);
    if (target === undefined)
      throw new ServiceError("NoSource", "It did not come from a queue: say where it should go");
    if (stateOf(cloud.clock.now(), message, found.receipts.invisibleUntil) === "in flight")
      throw new ServiceError("InFlight", "Somebody has received it and is working on it", { status: 409 });
    await context.act("sqs", "SendMessage", {
      QueueUrl: urlOf(target),
      MessageBody: message.body,
      MessageAttributes: { ...message.attributes },
      ...(message.traceHeader !== undefined && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: message.traceHeader } },
      }),
      ...(target.endsWith(".fifo") && {
        MessageGroupId: message.groupId ?? message.id,
        // One of its own: that of the first time may be remembered still.
        MessageDeduplicationId: cloud.uuid(),
      }),
    });
    await remove(queue, found);
  };

  /** Does something with each; tells of those with which it could not be done. */
  const each = async (ask: Ask, act: (queue: string, id: string) => Promise<void>) => {
    const fields = fieldsOf(ask);
    const queue = fields.text("name");
    const refused: { readonly id: string; readonly reason: string }[] = [];
    let done = 0;
    for (const id of fields.texts("ids", MOST)) {
      try {
        await act(queue, id);
        done++;
      } catch (error) {
        refused.push({ id, reason: error instanceof Error ? error.message : String(error) });
      }
    }
    return { done, refused };
  };

  return {
    "GET /queue/messages": async (ask) => {
      const name = required(ask, "name");
      const skip = Number(optional(ask, "skip") ?? 0);
      await context.read("sqs", "GetQueueUrl", { QueueName: name });
      const found = [...messages.values()]
        .filter(({ queueName }) => queueName === name)
        .sort((a, b) => a.order - b.order);
      return {
        messages: found
          .slice(skip, skip + PAGE)
          .map(kept)
          .map(describe),
        total: found.length,
      };
    },

    /** A whole body, however long. */
    "GET /queue/body": (ask) =>
      new Whole({
        status: 200,
        headers: { ...SAFE_HEADERS, "content-type": "text/plain; charset=utf-8" },
        body: find(required(ask, "name"), required(ask, "id")).message.body,
      }),

    "POST /queue/move": (ask) => {
      const to = fieldsOf(ask).optionalText("to");
      return each(ask, (queue, id) => move(queue, id, to));
    },

    "POST /queue/delete": (ask) => each(ask, (queue, id) => remove(queue, find(queue, id))),
  };
}

const stateOf = (now: number, { delayedUntil }: SentMessage, invisibleUntil: number) =>
  delayedUntil > now ? "delayed" : invisibleUntil > now ? "in flight" : "waiting";

const textOf = ({ StringValue, BinaryValue, DataType }: MessageAttributeValue): string =>
  StringValue ?? (BinaryValue ? `base64:${Buffer.from(BinaryValue).toString("base64")}` : `(${DataType ?? "nothing"})`);
