/** Mails and SMS that would have left AWS. */
import type { OutboxMessage } from "../../services/sns/outbox.ts";
import type { ConsoleContext } from "../context.ts";
import { CONTENT_POLICY, SAFE_HEADERS } from "../guard.ts";
import { type Ask, notFound, optional, required, type Routes, Whole } from "../route.ts";

const PAGE = 100;

export function mailRoutes({ cloud }: ConsoleContext): Routes {
  const messages = () => cloud.storage.map<OutboxMessage>("outbox.messages");
  const message = (ask: Ask): OutboxMessage => {
    const found = messages().get(required(ask, "id"));
    if (!found) throw notFound("There is no such message");
    return found;
  };

  return {
    "GET /mails": (ask) => {
      const skip = Number(optional(ask, "skip") ?? 0);
      const all = [...messages().values()].reverse();
      return {
        mails: all.slice(skip, skip + PAGE).map(({ id, at, kind, from, to, subject, text }) => ({
          id,
          at: Date.parse(at),
          kind,
          from,
          to,
          subject: subject ?? text?.slice(0, 100),
        })),
        total: all.length,
      };
    },

    "GET /mail": (ask) => {
      const { at, html, ...rest } = message(ask);
      return { ...rest, at: Date.parse(at), hasHtml: html !== undefined };
    },

    /** A page of its own for a sandboxed frame: no script, no requests to anywhere. */
    "GET /mail/html": (ask) =>
      new Whole({
        status: 200,
        headers: {
          ...SAFE_HEADERS,
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": CONTENT_POLICY,
        },
        body: message(ask).html ?? "",
      }),
  };
}
