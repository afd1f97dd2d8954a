/** The answers to senders, and the mails that carry them. */
import { EXAMPLE, type Item, type Problem } from "./order-lines.ts";

export type Answerable =
  | { readonly status: "ACCEPTED"; readonly orderId: string; readonly items: readonly Item[]; readonly remarks: number }
  | { readonly status: "REJECTED"; readonly orderId: string; readonly problems: readonly Problem[] };

export interface Answer {
  readonly subject: string;
  readonly text: string;
}

export function answerTo(order: Answerable): Answer {
  if (order.status === "ACCEPTED") {
    const remarks = order.remarks === 0 ? [] : ["", `Lines that were read as a remark: ${order.remarks}.`];
    return {
      subject: `Order ${order.orderId} accepted`,
      text: lines(
        `Thank you. We have taken your order ${order.orderId}:`,
        "",
        ...order.items.map(({ quantity, itemname }) => `  ${quantity} x ${itemname}`),
        ...remarks,
      ),
    };
  }
  return {
    subject: `Your order was not accepted (${order.orderId})`,
    text: lines(
      "Nothing was ordered, because your mail could not be read as an order:",
      "",
      ...order.problems.map(({ line, says, quote }) =>
        line === 0 ? `  ${says}` : `  line ${line}${quote === undefined ? "" : ` (${quote})`}: ${says}`,
      ),
      "",
      "Please send a new mail with one line for each item, such as",
      "",
      `  ${EXAMPLE}`,
      "",
      'or with the item as subject and nothing but the quantity in the mail. Put "-- " above your signature.',
    ),
  };
}

const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

/**
 * The answer as a mail. It says of itself that it is automatic, so that no other program answers it (RFC 3834), and nothing that the
 * sender wrote gets into a header but a well-formed Message-ID.
 */
export function answerMail(from: string, to: string, inReplyTo: string | undefined, answer: Answer): Buffer {
  for (const part of [from, to, answer.subject]) {
    // oxlint-disable-next-line no-control-regex -- a line end would begin another header
    if (/[^\u0020-\u007E]/.test(part)) throw new TypeError("A header of an answer holds more than printable ASCII");
  }
  const refers = inReplyTo !== undefined && /^<[\u0021-\u003B\u003D\u003F-\u007E]{3,250}>$/.test(inReplyTo);
  const headers = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${answer.subject}`,
    ...(refers ? [`In-Reply-To: ${inReplyTo}`, `References: ${inReplyTo}`] : []),
    "Auto-Submitted: auto-replied",
    "X-Auto-Response-Suppress: All",
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: base64",
  ];
  const body = Buffer.from(answer.text).toString("base64").replace(/.{76}/g, "$&\r\n");
  return Buffer.from(`${headers.join("\r\n")}\r\n\r\n${body}\r\n`);
}
