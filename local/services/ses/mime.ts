/** Reads raw mails, as far as showing and addressing them needs it (RFC 5322, RFC 2045 to 2047). */

export interface Mail {
  /** Unfolded and decoded values by lower-case name; of repeated headers the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

/** Parts within parts beyond this depth are left unread. */
const DEEPEST = 10;

export function parseMail(raw: Buffer): Mail {
  const part = parsePart(raw.toString("latin1"), 0);
  return { headers: part.headers, text: part.text, html: part.html };
}

function parsePart(source: string, depth: number): Mail {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end ? source.slice(0, end.index) : source;
  const body = end ? source.slice(end.index + end[0].length) : "";
  const headers = parseHeaders(head);
  const type = headers.get("content-type") ?? "text/plain";
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (/^multipart\//i.test(type) && boundary !== undefined && depth < DEEPEST) {
    const parts = body
      .split(`--${boundary}`)
      .slice(1)
      .filter((part) => !part.startsWith("--"));
    const read = parts.map((part) => parsePart(part.replace(/^\r?\n/, "").replace(/\r?\n$/, ""), depth + 1));
    return {
      headers,
      text: read.find(({ text }) => text !== undefined)?.text,
      html: read.find(({ html }) => html !== undefined)?.html,
    };
  }
  const isAttachment = /^attachment/i.test(headers.get("content-disposition") ?? "");
  if (isAttachment || !/^text\//i.test(type)) return { headers, text: undefined, html: undefined };
  const text = decodeBody(
    body,
    headers.get("content-transfer-encoding") ?? "7bit",
    /charset="?([^";\s]+)/i.exec(type)?.[1],
  );
  return /^text\/html/i.test(type) ? { headers, text: undefined, html: text } : { headers, text, html: undefined };
}

function parseHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || headers.has(name.toLowerCase())) continue;
    headers.set(name.toLowerCase(), decodeWords(value));
  }
  return headers;
}

/** `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`. */
const decodeWords = (value: string): string =>
  Buffer.from(value, "latin1")
    .toString("utf8")
    .replace(
      /=\?([\w-]+)\?([BbQq])\?([^?]*)\?=(?:\s+(?==\?))?/g,
      (_all, charset: string, encoding: string, text: string) =>
        decodeBytes(
          encoding.toUpperCase() === "B" ? Buffer.from(text, "base64") : quotedPrintable(text.replace(/_/g, " ")),
          charset,
        ),
    );

function decodeBody(body: string, encoding: string, charset: string | undefined): string {
  if (/^base64$/i.test(encoding.trim())) return decodeBytes(Buffer.from(body, "base64"), charset);
  if (/^quoted-printable$/i.test(encoding.trim()))
    return decodeBytes(quotedPrintable(body.replace(/=\r?\n/g, "")), charset);
  return decodeBytes(Buffer.from(body, "latin1"), charset);
}

const quotedPrintable = (text: string): Buffer =>
  Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const decodeBytes = (bytes: Buffer, charset = "utf-8"): string =>
  bytes.toString(/^(iso-8859-1|latin1|windows-1252)$/i.test(charset) ? "latin1" : "utf8");
