import type { Handler } from "../../../core/service.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, type Queues, type SQS } from "../store.ts";

export const listQueues =
  (queues: Queues): Handler<SQS, "ListQueues"> =>
  (input) => {
    const matching = queues.all().filter((queue) => queue.record.name.startsWith(input.QueueNamePrefix ?? ""));
    const { page, next } = pageOf(matching, input.MaxResults, input.NextToken);
    return {
      ...(page.length > 0 && { QueueUrls: page.map((queue) => queues.urlOf(queue)) }),
      ...(next !== undefined && { NextToken: next }),
    };
  };

export const listDeadLetterSourceQueues =
  (queues: Queues): Handler<SQS, "ListDeadLetterSourceQueues"> =>
  (input) => {
    const sources = queues.sourcesOf(queues.byUrl(input.QueueUrl));
    const { page, next } = pageOf(sources, input.MaxResults, input.NextToken);
    return { queueUrls: page.map((queue) => queues.urlOf(queue)), ...(next !== undefined && { NextToken: next }) };
  };

/** Without MaxResults the answer has up to 1,000 queues and no NextToken (API reference of SQS, "ListQueues"). */
function pageOf(
  queues: readonly Queue[],
  maxResults: number | undefined,
  token: string | undefined,
): { page: readonly Queue[]; next: string | undefined } {
  if (maxResults !== undefined && !(Number.isInteger(maxResults) && maxResults >= 1 && maxResults <= 1000)) {
    throw invalidParameter(maxResults, "MaxResults", "Must be between 1 and 1000, if provided.");
  }
  const after = token === undefined ? "" : Buffer.from(token, "base64url").toString();
  const rest = queues.filter((queue) => queue.record.name > after);
  const page = rest.slice(0, maxResults ?? 1000);
  const last = page.at(-1)?.record.name;
  const hasMore = maxResults !== undefined && rest.length > page.length && last !== undefined;
  return { page, next: hasMore ? Buffer.from(last).toString("base64url") : undefined };
}
