/** Sends a mail: into the outbox, after the checks that SES makes. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { addToOutbox } from "../sns/outbox.ts";
import { type Address, parseAddress, splitAddresses } from "./address.ts";
import { parseMail } from "./mime.ts";
import { configurationSetsOf, identityFor } from "./store.ts";
import { render } from "./template.ts";
import type { Template } from "./store.ts";

export interface Version {
  readonly mostBytes: number;
  /** For a bad address or size: `InvalidParameterValue` or `BadRequestException`. */
  readonly invalid: string;
  /** `ConfigurationSetDoesNotExistException` or `NotFoundException`. */
  readonly noConfigurationSet: string;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly returnPath?: string | undefined;
  readonly configurationSet?: string | undefined;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

const MOST_RECIPIENTS = 50;

/** Throws MessageRejected for senders that are not verified. Answers the message id. */
export function sendMail(cloud: Cloud, version: Version, mail: Mail): string {
  const recipients = checkedEnvelope(cloud, version, mail);
  // oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
  if (/[\r\n\u0000]/.test(mail.subject)) throw new ServiceError(version.invalid, "Subject contains control characters");
  const bytes = Buffer.byteLength(`${mail.subject}${mail.text ?? ""}${mail.html ?? ""}`);
  checkSize(version, bytes);
  deliver(cloud, mail, recipients);
  return messageId(cloud);
}

/** Sends a mail made of a template. Data that does not fit the template gives no mail and no error, only an event (SendTemplatedEmail). */
export function sendTemplated(
  cloud: Cloud,
  version: Version,
  mail: Omit<Mail, "subject" | "text" | "html">,
  template: Template,
  data: unknown,
): string {
  const recipients = checkedEnvelope(cloud, version, mail);
  try {
    const subject = render(template.subject, data);
    const text = template.text === undefined ? undefined : render(template.text, data);
    const html = template.html === undefined ? undefined : render(template.html, data, true);
    deliver(cloud, { ...mail, subject: subject.replace(/[\r\n]+/g, " "), text, html }, recipients);
  } catch (error) {
    cloud.log.warn(
      `SES: rendering failure of template ${template.name}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return messageId(cloud);
}

/** Sends a mail that is given whole. Sender and recipients are its headers unless the call names them. */
export function sendRaw(
  cloud: Cloud,
  version: Version,
  bytes: Uint8Array,
  envelope: { from?: string | undefined; to?: readonly string[] | undefined; configurationSet?: string | undefined },
): string {
  checkSize(version, bytes.byteLength);
  const raw = Buffer.from(bytes);
  const { headers, text, html } = parseMail(raw);
  const from = envelope.from ?? headers.get("from") ?? missingHeader(version, "From");
  const inHeaders = ["to", "cc", "bcc"].flatMap((name) => splitAddresses(headers.get(name) ?? ""));
  const to = envelope.to && envelope.to.length > 0 ? envelope.to : inHeaders;
  if (to.length === 0) missingHeader(version, "To");
  const mail: Mail = {
    from,
    to,
    subject: headers.get("subject") ?? "",
    text,
    html,
    configurationSet: envelope.configurationSet,
  };
  const recipients = checkedEnvelope(cloud, version, mail);
  // The visible sender must be verified as well as the envelope's.
  const visible = headers.get("from");
  if (visible !== undefined) checkVerified(cloud, [checkedAddress(version, visible)]);
  deliver(cloud, mail, recipients, raw.toString("utf8"));
  return messageId(cloud);
}

function checkedEnvelope(
  cloud: Cloud,
  version: Version,
  mail: Omit<Mail, "subject" | "text" | "html">,
): readonly Address[] {
  const recipients = [...mail.to, ...(mail.cc ?? []), ...(mail.bcc ?? [])].map((text) => checkedAddress(version, text));
  const from = checkedAddress(version, mail.from);
  for (const text of mail.replyTo ?? []) checkedAddress(version, text);
  if (recipients.length === 0) missingHeader(version, "To");
  if (recipients.length > MOST_RECIPIENTS)
    throw new ServiceError(version.invalid, `Recipient count exceeds ${MOST_RECIPIENTS}.`);
  const senders = mail.returnPath === undefined ? [from] : [from, checkedAddress(version, mail.returnPath)];
  checkVerified(cloud, senders);
  const set = mail.configurationSet;
  if (set !== undefined && !configurationSetsOf(cloud).has(set)) {
    throw new ServiceError(version.noConfigurationSet, `Configuration set <${set}> does not exist.`);
  }
  return recipients;
}

function checkVerified(cloud: Cloud, senders: readonly Address[]): void {
  const unverified = [
    ...new Set(
      senders.filter(({ address }) => identityFor(cloud, address) === undefined).map(({ address }) => address),
    ),
  ];
  if (unverified.length === 0) return;
  throw new ServiceError(
    "MessageRejected",
    `Email address is not verified. The following identities failed the check in region ${cloud.region.toUpperCase()}: ${unverified.join(", ")}`,
  );
}

function checkedAddress(version: Version, text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new ServiceError(version.invalid, error instanceof Error ? error.message : String(error));
  }
}

function checkSize(version: Version, bytes: number): void {
  if (bytes > version.mostBytes)
    throw new ServiceError(version.invalid, `Message length is more than ${version.mostBytes} bytes long: '${bytes}'.`);
}

function missingHeader(version: Version, name: string): never {
  throw new ServiceError(version.invalid, `Missing required header '${name}'.`);
}

function deliver(cloud: Cloud, mail: Mail, recipients: readonly Address[], raw?: string): void {
  addToOutbox(cloud, {
    kind: "email",
    from: mail.from,
    to: recipients.map(({ address }) => address),
    subject: mail.subject,
    ...(mail.text !== undefined && { text: mail.text }),
    ...(mail.html !== undefined && { html: mail.html }),
    ...(raw !== undefined && { raw }),
    source: "ses",
  });
}

// The form of SES's ids: time, a UUID and a tail of zeros.
const messageId = (cloud: Cloud): string =>
  `0100${cloud.clock.now().toString(16).padStart(12, "0")}-${cloud.uuid().slice(9)}-${cloud.uuid().slice(0, 8)}-000000`;
