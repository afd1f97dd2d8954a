/** Functions behind the stream of a DynamoDB table. */
import * as z from "zod/mini";
import { type Parsed, parse, type Schema } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { type AttributeValue, plainItem } from "./attribute-values.ts";
import { type BatchResponse, type EachOptions, handleRecords } from "./records.ts";
import { shard } from "./streams.ts";

/** What happened to one item. `before` and `after` are there as far as the stream's view type has them. */
export interface ItemChange<Row> {
  readonly kind: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: Readonly<Record<string, unknown>>;
  readonly before?: Row;
  readonly after?: Row;
  /** Removed by time to live, not by somebody. */
  readonly isExpiry: boolean;
  readonly sequenceNumber: string;
}

const Image = z.optional(
  z.record(
    z.string(),
    z.custom<AttributeValue>((value) => typeof value === "object" && value !== null),
  ),
);
const Change = z.object({
  eventSource: z.literal("aws:dynamodb"),
  eventID: z.optional(z.string()),
  eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
  userIdentity: z.optional(z.nullable(z.object({ principalId: z.optional(z.string()) }))),
  dynamodb: z.object({ Keys: Image, OldImage: Image, NewImage: Image, SequenceNumber: z.string() }),
});
const Batch = z.object({ Records: z.array(Change) });

/** Wraps a function that works on the changes of a table in order. Both images are parsed by the schema of a row. */
export function handleDynamoDb<Row extends Schema>(
  { row, ...options }: Omit<EachOptions, "concurrency"> & { readonly row: Row },
  work: (change: ItemChange<Parsed<Row>>) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(
    (event) =>
      parse(Batch, event).Records.map((record) => ({
        identifier: record.dynamodb.SequenceNumber,
        ...shard,
        ...(record.eventID === undefined ? {} : { correlationId: record.eventID }),
        envelope: record,
        read: () => [{ input: changeOf(record, row) }],
      })),
    options,
    (item) => work(item.input),
  );
}

function changeOf<Row extends Schema>(
  { eventName, userIdentity, dynamodb }: z.infer<typeof Change>,
  row: Row,
): ItemChange<Parsed<Row>> {
  const { Keys = {}, OldImage, NewImage, SequenceNumber } = dynamodb;
  return {
    kind: eventName,
    keys: plainItem(Keys),
    ...(OldImage ? { before: parse(row, plainItem(OldImage), "OldImage") } : {}),
    ...(NewImage ? { after: parse(row, plainItem(NewImage), "NewImage") } : {}),
    isExpiry: userIdentity?.principalId === "dynamodb.amazonaws.com",
    sequenceNumber: SequenceNumber,
  };
}
