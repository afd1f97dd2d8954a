import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Deliveries } from "../delivery/deliveries.ts";
import type { SNS, Topics } from "../store.ts";
import { checkGrouping, checkMessage, MAX_BYTES, messageSize } from "./check-message.ts";
import { send } from "./publish.ts";

/** Up to ten messages. An entry that is not valid fails the request as a whole, so nothing is published by half. */
export const publishBatch =
  (topics: Topics, deliveries: Deliveries): Handler<SNS, "PublishBatch"> =>
  (input, call) => {
    const topic = topics.byArn(input.TopicArn);
    const entries = input.PublishBatchRequestEntries ?? [];
    if (entries.length === 0) {
      throw new ServiceError("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
    }
    if (entries.length > 10) {
      const message = "The batch request contains more entries than permissible.";
      throw new ServiceError("TooManyEntriesInBatchRequestException", message);
    }
    if (entries.some(({ Id: id = "" }) => !/^[\w-]{1,80}$/.test(id))) {
      const message = "The Id of a batch entry in a batch request doesn't abide by the specification.";
      throw new ServiceError("InvalidBatchEntryIdException", message);
    }
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
      const message = "Two or more batch entries in the request have the same Id.";
      throw new ServiceError("BatchEntryIdsNotDistinctException", message);
    }
    if (entries.reduce((sum, entry) => sum + messageSize(entry), 0) > MAX_BYTES) {
      const message = "The length of all the batch messages put together is more than the limit.";
      throw new ServiceError("BatchRequestTooLongException", message);
    }
    const checked = entries.map((entry) => {
      checkGrouping(topic, entry);
      return { entry, texts: checkMessage(entry) };
    });
    const Successful = checked.map(({ entry, texts }) => ({
      Id: entry.Id,
      ...send(topics, deliveries, topic, entry, texts, call),
    }));
    return { Successful, Failed: [] };
  };
