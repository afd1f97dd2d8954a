/** The details of a history event, whatever member they are in. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";

export interface EventDetails {
  readonly name?: string;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly index?: number;
  /** Of a Map: its items. */
  readonly length?: number;
  readonly mapRunArn?: string;
  readonly resource?: string;
  readonly parameters?: string;
}

/** Each type of event has its own member, `<type>EventDetails`, and sets only that one. */
export function detailsOf(event: HistoryEvent): EventDetails {
  for (const [name, value] of Object.entries(event))
    if (name.endsWith("EventDetails") && typeof value === "object" && value !== null) return value as EventDetails;
  return {};
}
