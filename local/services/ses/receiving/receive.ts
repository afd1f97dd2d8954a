/**
 * Takes in a mail as SES's SMTP server does. Nothing can be asked of a sender's DNS here, so signatures are not checked: whoever
 * hands a mail in says what SES would have found, and what is not said has passed.
 */
import type { ReceiptRule } from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { identityFor } from "../store.ts";
import { envelopeOf, type ReceivedMail, type Status, type Verdict, withReceiptHeaders } from "./received-mail.ts";
import { activeRuleSet, asRule, ruleSetsOf, speaksOf } from "./rules.ts";
import { type Onward, runAction } from "./run-action.ts";

export interface IncomingMail {
  /** The whole mail, headers first (RFC 5322). */
  readonly raw: Uint8Array;
  /** The envelope's sender, empty for a bounce. Default: the address in the header From. */
  readonly from?: string;
  /** The envelope's recipients. Default: the addresses in To and Cc. */
  readonly to?: readonly string[];
  readonly verdicts?: Readonly<Partial<Record<Verdict, Status>>>;
}

export interface Receipt {
  readonly messageId: string;
  /** Each action that was tried, with the reason when it failed. */
  readonly actions: readonly { readonly rule: string; readonly action: string; readonly failure?: string }[];
}

/** The largest mail that a rule stores (S3Action). */
const MOST_BYTES = 41_943_040;
const PASSED = { spam: "PASS", virus: "PASS", spf: "PASS", dkim: "PASS", dmarc: "PASS" } as const;

/** Runs the active rule set over a mail. Throws MessageRejected, with what an SMTP server would say, when nobody takes it. */
export async function receiveMail(cloud: Cloud, incoming: IncomingMail): Promise<Receipt> {
  const mail = accept(cloud, incoming);
  const ruleSet = activeRuleSet(cloud);
  if (!ruleSet) {
    const names = [...ruleSetsOf(cloud).keys()];
    throw rejected(
      `550 5.1.1 No receipt rule set is active. There ${names.length === 0 ? "is none" : `are: ${names.join(", ")}`}`,
    );
  }
  const matching = ruleSet.rules.flatMap((rule) => {
    const recipients = rule.Enabled === true ? mail.destination.filter((address) => speaksOf(rule, address)) : [];
    return recipients.length > 0 ? [{ rule, recipients }] : [];
  });
  if (matching.length === 0) throw rejected(`550 5.1.1 No receipt rule speaks of ${mail.destination.join(", ")}`);

  const actions: Receipt["actions"][number][] = [];
  for (const { rule, recipients } of matching) {
    const onward = await runRule(cloud, mail, ruleSet.name, rule, recipients, actions);
    if (onward === "STOP_RULE_SET") break;
  }
  return { messageId: mail.messageId, actions };
}

async function runRule(
  cloud: Cloud,
  mail: ReceivedMail,
  ruleSet: string,
  rule: ReceiptRule,
  recipients: readonly string[],
  done: Receipt["actions"][number][],
): Promise<Onward> {
  const name = rule.Name ?? "";
  const as = asRule(cloud, ruleSet, name);
  for (const action of rule.Actions ?? []) {
    const kind = Object.keys(action).find((member) => Reflect.get(action, member) !== undefined) ?? "";
    try {
      const onward = await runAction(action, { cloud, mail, rule, recipients, as });
      done.push({ rule: name, action: kind });
      if (onward !== "CONTINUE") return onward;
    } catch (error) {
      // What is behind a failed action would work on a mail that is not there: SES gives up on the mail.
      const failure = error instanceof Error ? error.message : String(error);
      cloud.log.warn(`SES: ${kind} of receipt rule ${name} failed: ${failure}`);
      done.push({ rule: name, action: kind, failure });
      return "STOP_RULE_SET";
    }
  }
  return "CONTINUE";
}

function accept(cloud: Cloud, { raw, from, to, verdicts }: IncomingMail): ReceivedMail {
  if (raw.byteLength > MOST_BYTES) throw rejected(`552 5.3.4 Message is larger than ${MOST_BYTES} bytes`);
  const content = Buffer.from(raw);
  const envelope = envelopeOf(content);
  const destination = to ?? envelope.to;
  const [first] = destination;
  if (first === undefined) throw rejected("554 5.5.1 No valid recipients");
  const strange = destination.find((address) => identityFor(cloud, address) === undefined);
  if (strange !== undefined)
    throw rejected(`550 5.1.1 ${strange}: neither the address nor its domain is a verified identity`);
  const source = from ?? envelope.from;
  // oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
  if (/[\u0000-\u0020<>]/.test(source + destination.join(""))) throw rejected("501 5.1.7 Bad address syntax");
  return withReceiptHeaders(cloud, {
    messageId: newMessageId(cloud),
    source,
    destination,
    verdicts: { ...PASSED, ...verdicts },
    receivedAt: cloud.clock.now(),
    content,
  });
}

const rejected = (message: string): ServiceError => new ServiceError("MessageRejected", message);

/** 40 small letters and digits, as in SES's own. */
const newMessageId = (cloud: Cloud): string =>
  BigInt(`0x1${`${cloud.uuid()}${cloud.uuid()}`.replaceAll("-", "")}`)
    .toString(32)
    .slice(-40);
