/** A stored mail, read: who sent it, what it says, and whether a machine wrote it. */
import PostalMime, { addressParser, type Email } from "postal-mime";
import { AppError } from "#shared/errors";
import { htmlToText } from "./html-text.ts";

export interface Letter {
  /** The address in From, in small letters. */
  readonly from: string;
  /** As it was given, angle brackets included; undefined where the mail has none. */
  readonly messageId: string | undefined;
  readonly subject: string;
  /** What a reader sees, in lines: the plain text, or else the HTML as text. */
  readonly text: string;
  /** Values of a header by its name in small letters. */
  header(name: string): readonly string[];
}

/** The mail cannot be read as one. The reason holds nothing that stands in it. */
export class MailUnreadable extends AppError {}

/** Beyond these the parser gives up: no honest order comes near. */
const DEEPEST_PARTS = 20;
const MOST_HEADER_BYTES = 256_000;
const MOST_PARTS = 1_000;
const ADDRESS = /^[^\s@<>()[\]",;:\\\p{C}]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/u;

/** Throws MailUnreadable. */
export async function readLetter(raw: Uint8Array): Promise<Letter> {
  const mail = await parse(raw);
  const plain = mail.text ?? "";
  return {
    from: senderOf(mail),
    messageId: mail.messageId?.trim() || undefined,
    subject: mail.subject ?? "",
    text: (plain.trim() === "" ? htmlToText(mail.html ?? "") : plain).replaceAll("\uFFFD", ""),
    header: (name) => mail.headers.filter(({ key }) => key === name).map(({ value }) => value.trim()),
  };
}

async function parse(raw: Uint8Array): Promise<Email> {
  // Each part begins at a line with two hyphens: many of them cost the parser more than they are worth.
  const parts = countOf(raw, "\n--");
  if (parts > MOST_PARTS) throw new MailUnreadable(`The mail has more than ${MOST_PARTS} parts`);
  try {
    return await PostalMime.parse(raw, {
      maxNestingDepth: DEEPEST_PARTS,
      maxHeadersSize: MOST_HEADER_BYTES,
      // A forwarded mail is somebody else's text: it is no part of the order.
      forceRfc822Attachments: true,
    });
  } catch (error) {
    throw new MailUnreadable("The mail is nested too deeply, or its headers are too long", {}, { cause: error });
  }
}

/** One address, in one header: with two of them nobody knows which one was authenticated. */
function senderOf(mail: Email): string {
  const headers = mail.headers.filter(({ key }) => key === "from");
  const [header] = headers;
  if (header === undefined || headers.length > 1)
    throw new MailUnreadable(`The mail has ${headers.length} headers From, not one`);
  const mailboxes = addressParser(header.value, { flatten: true });
  const [mailbox] = mailboxes;
  if (mailbox === undefined || mailboxes.length > 1)
    throw new MailUnreadable(`From names ${mailboxes.length} senders, not one`);
  const address = (mailbox.address ?? "").toLowerCase();
  if (!ADDRESS.test(address)) throw new MailUnreadable("From holds no mail address");
  return address;
}

function countOf(raw: Uint8Array, text: string): number {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  let found = 0;
  for (let at = bytes.indexOf(text); at >= 0 && found <= MOST_PARTS; at = bytes.indexOf(text, at + text.length))
    found++;
  return found;
}
