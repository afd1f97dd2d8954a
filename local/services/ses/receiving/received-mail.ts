/** A mail as SES hands it on: with its own headers in front, and described as events and notifications describe it. */
import type { Cloud } from "../../../core/cloud.ts";
import { parseAddress, splitAddresses } from "../address.ts";
import { parseMail } from "../mime.ts";

export const VERDICTS = ["spam", "virus", "spf", "dkim", "dmarc"] as const;
export const STATUSES = ["PASS", "FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED"] as const;
export type Verdict = (typeof VERDICTS)[number];
export type Status = (typeof STATUSES)[number];

export interface ReceivedMail {
  readonly messageId: string;
  /** The envelope's sender; empty for bounces. */
  readonly source: string;
  readonly destination: readonly string[];
  readonly verdicts: Readonly<Record<Verdict, Status>>;
  readonly receivedAt: number;
  readonly content: Buffer;
}

/** Headers beyond this are left out of events (Contents of notifications for Amazon SES email receiving). */
const MOST_HEADER_BYTES = 10_240;

/** The mail with the headers that SES puts in front of it. */
export function withReceiptHeaders(cloud: Cloud, mail: ReceivedMail): ReceivedMail {
  const { messageId, source, verdicts, destination } = mail;
  const at = new Date(mail.receivedAt).toUTCString().replace("GMT", "+0000 (UTC)");
  const results = (["spf", "dkim", "dmarc"] as const).map((name) => `${name}=${verdicts[name].toLowerCase()}`);
  const front = [
    `Return-Path: <${source}>`,
    `Received: from localhost (localhost [127.0.0.1]) by inbound-smtp.${cloud.region}.amazonaws.com with SMTP id ${messageId} for ${destination[0]}; ${at}`,
    `X-SES-Spam-Verdict: ${verdicts.spam}`,
    `X-SES-Virus-Verdict: ${verdicts.virus}`,
    `Authentication-Results: amazonses.com; ${results.join("; ")};`,
  ];
  return { ...mail, content: Buffer.concat([Buffer.from(`${front.join("\r\n")}\r\n`), mail.content]) };
}

/** `mail` of an event. */
export function describeMail(mail: ReceivedMail) {
  const { headers, headersTruncated } = headersIn(mail.content);
  const read = parseMail(mail.content).headers;
  const common = (name: string, value = read.get(name)) => (value === undefined ? {} : { [camel(name)]: value });
  const list = (name: string) => {
    const value = read.get(name);
    return value === undefined ? {} : { [camel(name)]: splitAddresses(value) };
  };
  return {
    timestamp: new Date(mail.receivedAt).toISOString(),
    source: mail.source,
    messageId: mail.messageId,
    destination: mail.destination,
    headersTruncated,
    headers,
    commonHeaders: {
      returnPath: mail.source,
      ...list("from"),
      ...common("date"),
      ...list("to"),
      ...list("cc"),
      ...list("reply-to"),
      ...common("message-id"),
      ...common("subject"),
    },
  };
}

/** `receipt` of an event. Whether a policy of DMARC is told depends on the verdict. */
export function describeReceipt(mail: ReceivedMail, recipients: readonly string[], isScanned: boolean, action: object) {
  const status = (verdict: Verdict) => ({
    status: !isScanned && (verdict === "spam" || verdict === "virus") ? ("DISABLED" as const) : mail.verdicts[verdict],
  });
  return {
    timestamp: new Date(mail.receivedAt).toISOString(),
    processingTimeMillis: 100,
    recipients,
    spamVerdict: status("spam"),
    virusVerdict: status("virus"),
    spfVerdict: status("spf"),
    dkimVerdict: status("dkim"),
    dmarcVerdict: status("dmarc"),
    ...(mail.verdicts.dmarc === "FAIL" && { dmarcPolicy: "reject" }),
    action,
  };
}

/** The sender and the recipients that the headers name, for mails that come without an envelope. */
export function envelopeOf(raw: Buffer): { readonly from: string; readonly to: readonly string[] } {
  const { headers } = parseMail(raw);
  const addresses = (name: string) => splitAddresses(headers.get(name) ?? "").flatMap(addressIn);
  return { from: [...addresses("from"), ""][0] ?? "", to: [...addresses("to"), ...addresses("cc")] };
}

function addressIn(value: string): readonly string[] {
  try {
    return [parseAddress(value).address];
  } catch {
    return [];
  }
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function headersIn(content: Buffer): { headers: { name: string; value: string }[]; headersTruncated: boolean } {
  const end = /\r?\n\r?\n/.exec(content.toString("latin1"))?.index ?? content.length;
  const lines = content
    .subarray(0, end)
    .toString("utf8")
    .replace(/\r?\n(?=[ \t])/g, "")
    .split(/\r?\n/);
  const headers: { name: string; value: string }[] = [];
  let bytes = 0;
  for (const line of lines) {
    const [, name, value] = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    bytes += Buffer.byteLength(line);
    if (bytes > MOST_HEADER_BYTES) return { headers, headersTruncated: true };
    headers.push({ name, value });
  }
  return { headers, headersTruncated: false };
}
