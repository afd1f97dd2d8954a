/** Queues: what waits in them, sending, moving dead letters back. What lies in one: `queue-messages.ts`. */
import { allPages, type ConsoleContext } from "../context.ts";
import { fieldsOf, required, type Routes } from "../route.ts";

export function queueRoutes(context: ConsoleContext): Routes {
  const describe = async (url: string) => {
    const answer = await context.read("sqs", "GetQueueAttributes", {
      QueueUrl: url,
      AttributeNames: ["All"],
    });
    const attributes: Readonly<Record<string, string | undefined>> = answer.Attributes ?? {};
    const count = (name: string) => Number(attributes[name] ?? 0);
    return {
      url,
      name: url.slice(url.lastIndexOf("/") + 1),
      arn: attributes["QueueArn"] ?? "",
      visible: count("ApproximateNumberOfMessages"),
      inFlight: count("ApproximateNumberOfMessagesNotVisible"),
      delayed: count("ApproximateNumberOfMessagesDelayed"),
      redrive: redriveOf(attributes["RedrivePolicy"]),
      attributes,
    };
  };
  const byName = async (name: string): Promise<string> =>
    (await context.read("sqs", "GetQueueUrl", { QueueName: name })).QueueUrl ?? "";

  return {
    "GET /queues": async () => {
      const owners = context.owners();
      const urls = await allPages(async (NextToken) => {
        const answer = await context.read("sqs", "ListQueues", { MaxResults: 1000, ...(NextToken && { NextToken }) });
        return { items: answer.QueueUrls ?? [], next: answer.NextToken };
      });
      const queues = [];
      for (const url of urls) {
        const { attributes: _, ...queue } = await describe(url);
        queues.push({ ...queue, owner: owners.get(url) });
      }
      const deadLetters = new Set(queues.flatMap(({ redrive }) => redrive?.to ?? []));
      return { queues: queues.map((queue) => ({ ...queue, isDeadLetters: deadLetters.has(queue.arn) })) };
    },

    "GET /queue": async (ask) => {
      const url = await byName(required(ask, "name"));
      const queue = await describe(url);
      const owners = context.owners();
      const sources = await context.read("sqs", "ListDeadLetterSourceQueues", { QueueUrl: url });
      const moves = await context.read("sqs", "ListMessageMoveTasks", { SourceArn: queue.arn, MaxResults: 10 });
      return {
        ...queue,
        owner: owners.get(url),
        sources: (sources.queueUrls ?? []).map((source) => ({
          name: source.slice(source.lastIndexOf("/") + 1),
          owner: owners.get(source),
        })),
        deadLetters: queue.redrive && {
          name: queue.redrive.to.split(":").at(-1),
          owner: owners.get(await byName(queue.redrive.to.split(":").at(-1) ?? "").catch(() => "")),
        },
        moves: (moves.Results ?? []).map((task) => ({
          status: task.Status,
          startedAt: task.StartedTimestamp,
          moved: task.ApproximateNumberOfMessagesMoved,
          toMove: task.ApproximateNumberOfMessagesToMove,
          failure: task.FailureReason,
        })),
      };
    },

    "POST /queue/send": async (ask) => {
      const fields = fieldsOf(ask);
      const group = fields.optionalText("group");
      const deduplication = fields.optionalText("deduplication");
      const { MessageId } = await context.act("sqs", "SendMessage", {
        QueueUrl: await byName(fields.text("name")),
        MessageBody: fields.text("body"),
        ...(group && { MessageGroupId: group }),
        ...(deduplication && { MessageDeduplicationId: deduplication }),
      });
      return { id: MessageId };
    },

    /** Moves dead letters back to the queues they came from, or all to one queue. */
    "POST /queue/redrive": async (ask) => {
      const fields = fieldsOf(ask);
      const to = fields.optionalText("to");
      const { arn } = await describe(await byName(fields.text("name")));
      await context.act("sqs", "StartMessageMoveTask", {
        SourceArn: arn,
        ...(to && { DestinationArn: (await describe(await byName(to))).arn }),
      });
      return {};
    },

    "POST /queue/purge": async (ask) => {
      await context.act("sqs", "PurgeQueue", { QueueUrl: await byName(fieldsOf(ask).text("name")) });
      return {};
    },
  };
}

/** Where messages go that were received too often. */
function redriveOf(policy: string | undefined): { readonly to: string; readonly after: number } | undefined {
  if (!policy) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
  return { to: String(deadLetterTargetArn), after: Number(maxReceiveCount) };
}
