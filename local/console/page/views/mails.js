/** Mails and SMS that would have left AWS. */
import { address, get } from "../core/api.js";
import { h } from "../core/dom.js";
import { time } from "../core/format.js";
import { shortArn, to } from "../core/links.js";
import { viewOf } from "../core/live.js";
import { pages } from "../parts/pages.js";
import { facts, heading, section, table } from "../parts/table.js";
import { textBlock } from "../parts/text.js";

export function mails() {
  const list = pages(
    async (token) => {
      const skip = Number(token ?? 0);
      const answer = await get("/mails", { skip });
      const next = skip + answer.mails.length;
      return { rows: answer.mails, token: next < answer.total ? String(next) : undefined };
    },
    (rows) =>
      table(
        rows,
        [
          { label: "Sent", class: "time", cell: ({ at }) => time(at) },
          { label: "Kind", cell: ({ kind }) => (kind === "sms" ? "SMS" : "mail") },
          { label: "To", class: "break", cell: ({ to: addresses }) => addresses.join(", ") },
          {
            label: "Subject",
            class: "break grow",
            cell: ({ id, subject }) => h("a", { href: to("mails", id), "data-key": id }, subject || "(no subject)"),
          },
        ],
        { empty: "Nothing has been sent.", caption: "Mails and SMS" },
      ),
  );
  return viewOf("Mails and SMS", [
    heading("Mails and SMS", { says: "What would have left AWS. Nothing leaves this machine." }),
    list,
  ]);
}

/** @param {string} id */
export async function mail(id) {
  const known = await get("/mail", { id });
  const title = known.subject || (known.kind === "sms" ? "SMS" : "Mail");
  return viewOf(title, [
    heading(title, { trail: [["Mails and SMS", to("mails")]] }),
    facts([
      ["From", known.from],
      ["To", known.to.join(", ")],
      ["Sent", time(known.at)],
      ["By", shortArn(known.source)],
    ]),
    ...(known.hasHtml
      ? [
          section(
            "HTML",
            // No script, no forms, no requests; the frame's own policy says so once more.
            h("iframe", {
              class: "mail",
              sandbox: "",
              src: address("/mail/html", { id }),
              title: "The mail as HTML",
              referrerpolicy: "no-referrer",
            }),
          ),
        ]
      : []),
    ...(known.text ? [section("Text", textBlock(known.text, { label: "Text", raw: true }))] : []),
    ...(known.raw
      ? [
          h(
            "details",
            { class: "section" },
            h("summary", {}, h("h2", {}, "As it was sent")),
            textBlock(known.raw, { label: "As it was sent", raw: true }),
          ),
        ]
      : []),
  ]);
}
