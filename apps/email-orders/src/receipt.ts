/** The records of SES's events (Contents of notifications for Amazon SES email receiving). */
import * as z from "zod/mini";
import type { SourceRecord } from "#shared/events/records";
import { parse } from "#shared/input";
import type { Verdicts } from "./verdicts.ts";

export interface Delivery {
  readonly mailId: string;
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly source: string;
  readonly verdicts: Verdicts;
}

const Found = z.optional(z.object({ status: z.string().check(z.maxLength(40)) }));
const SesRecord = z.object({
  eventSource: z.literal("aws:ses"),
  ses: z.object({
    mail: z.object({
      // It becomes part of an object's key.
      messageId: z.string().check(z.regex(/^[A-Za-z0-9-]{1,100}$/)),
      timestamp: z.iso.datetime({ offset: true }),
      source: z.string().check(z.maxLength(1_000)),
    }),
    receipt: z.object({
      spamVerdict: Found,
      virusVerdict: Found,
      spfVerdict: Found,
      dkimVerdict: Found,
      dmarcVerdict: Found,
    }),
  }),
});
const Event = z.object({ Records: z.array(z.unknown()).check(z.minLength(1)) });

/** Throws InputInvalid when the event has no records; one that is none fails by itself. */
export function deliveriesOf(event: unknown): readonly SourceRecord<{ readonly input: Delivery }>[] {
  return parse(Event, event).Records.map((envelope) => ({
    // A record by itself is an event: it can be handed to the function again.
    envelope: { Records: [envelope] },
    read: () => {
      const { mail, receipt } = parse(SesRecord, envelope, "Records").ses;
      const verdicts: Verdicts = {
        spam: receipt.spamVerdict?.status,
        virus: receipt.virusVerdict?.status,
        spf: receipt.spfVerdict?.status,
        dkim: receipt.dkimVerdict?.status,
        dmarc: receipt.dmarcVerdict?.status,
      };
      return [{ input: { mailId: mail.messageId, receivedAt: mail.timestamp, source: mail.source, verdicts } }];
    },
  }));
}
