/** Functions that are targets of EventBridge rules, directly, through a queue or through a topic. */
import * as z from "zod/mini";
import { type Parsed, parse, type Schema } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { messagesOf } from "./deliveries.ts";
import { type BatchResponse, type EachOptions, handleRecords } from "./records.ts";

/** What a handler gets beside the detail. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** ISO 8601. */
  readonly time: string;
  readonly account: string;
  readonly region: string;
  readonly resources: readonly string[];
}

export const Envelope = z.object({
  id: z.string(),
  source: z.string(),
  "detail-type": z.string(),
  time: z.string(),
  account: z._default(z.string(), ""),
  region: z._default(z.string(), ""),
  resources: z._default(z.array(z.string()), []),
  detail: z.unknown(),
});

/** Wraps a function that works on the detail of events. Deliver-again is by event, or by message behind a queue. */
export function handleEventBridge<Detail extends Schema>(
  { detail, ...options }: EachOptions & { readonly detail: Detail },
  work: (detail: Parsed<Detail>, event: BusEvent) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(
    (event) =>
      messagesOf(event, ({ content }) => {
        const { "detail-type": detailType, detail: given, ...rest } = parse(Envelope, content());
        return [{ input: parse(detail, given, "detail"), event: { ...rest, detailType } }];
      }),
    options,
    (item) => work(item.input, item.event),
  );
}
