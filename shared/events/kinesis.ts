/** Functions behind a Kinesis stream. */
import * as z from "zod/mini";
import { type Parsed, parse, parseJson, type Schema } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { type BatchResponse, type EachOptions, handleRecords } from "./records.ts";
import { shard } from "./streams.ts";

/** What a handler gets beside the data. */
export interface KinesisRecord {
  readonly partitionKey: string;
  readonly sequenceNumber: string;
  /** When the stream took it: epoch seconds, with a fraction. */
  readonly arrivedAt: number;
}

const Batch = z.object({
  Records: z.array(
    z.object({
      eventSource: z.literal("aws:kinesis"),
      eventID: z.optional(z.string()),
      kinesis: z.object({
        data: z.string(),
        partitionKey: z.string(),
        sequenceNumber: z.string(),
        approximateArrivalTimestamp: z.number(),
      }),
    }),
  ),
});

/** Wraps a function that works on the JSON records of a stream in order. */
export function handleKinesis<Data extends Schema>(
  { data, ...options }: Omit<EachOptions, "concurrency"> & { readonly data: Data },
  work: (data: Parsed<Data>, record: KinesisRecord) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(
    (event) =>
      parse(Batch, event).Records.map((envelope) => {
        const { kinesis, eventID } = envelope;
        const { partitionKey, sequenceNumber, approximateArrivalTimestamp: arrivedAt } = kinesis;
        return {
          identifier: sequenceNumber,
          ...shard,
          ...(eventID === undefined ? {} : { correlationId: eventID }),
          envelope,
          read: () => {
            const json = parseJson(Buffer.from(kinesis.data, "base64").toString("utf8"), "data");
            return [{ input: parse(data, json, "data"), record: { partitionKey, sequenceNumber, arrivedAt } }];
          },
        };
      }),
    options,
    (item) => work(item.input, item.record),
  );
}
