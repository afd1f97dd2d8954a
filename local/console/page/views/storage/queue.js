/** One queue: what is in it, sending to it, moving dead letters back. */
import { get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { duration, plural, time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { badge } from "../../parts/badge.js";
import { button, field, form } from "../../parts/form.js";
import { say } from "../../parts/notice.js";
import { queueMessages } from "../../parts/queue-messages.js";
import { facts, heading, section, shortName, table } from "../../parts/table.js";

/** @param {string} name */
export async function queue(name) {
  const known = await get("/queue", { name });
  const title = known.owner?.logicalId ?? name;
  return viewOf(title, [
    heading(title, {
      trail: [
        ["Queues", to("queues")],
        ...(known.owner ? [/** @type {[string, string]} */ ([known.owner.app, to("apps", known.owner.app)])] : []),
      ],
      says: h("code", {}, known.url),
    }),
    live(() => get("/queue", { name }), about),
    h("h2", {}, "Messages"),
    queueMessages(name, known),
    send(name, name.endsWith(".fifo")),
    h("details", { class: "section" }, h("summary", {}, h("h2", {}, "Attributes")), attributes(known.attributes)),
  ]);
}

/** @param {any} data */
function about(data) {
  const { name, sources, moves, redrive, deadLetters, attributes } = data;
  return [
    facts([
      ["Waiting", h("strong", { class: "large" }, data.visible)],
      ["In flight", h("strong", { class: "large" }, data.inFlight)],
      ["Delayed", h("strong", { class: "large" }, data.delayed)],
      ["Hidden after a receive", duration(Number(attributes.VisibilityTimeout) * 1000)],
      ["Kept", duration(Number(attributes.MessageRetentionPeriod) * 1000)],
      [
        "Dead letters",
        redrive &&
          h(
            "a",
            { href: to("queues", deadLetters.name) },
            `after ${plural(redrive.after, "receive")} to ${shortName(deadLetters)}`,
          ),
      ],
      [
        "Dead letters of",
        sources.length > 0
          ? h(
              "span",
              {},
              sources.flatMap((/** @type {any} */ source, /** @type {number} */ i) => [
                i > 0 ? ", " : "",
                h("a", { href: to("queues", source.name) }, shortName(source)),
              ]),
            )
          : undefined,
      ],
    ]),
    h(
      "div",
      { class: "actions" },
      sources.length > 0 && button("Move all back", () => move(name)),
      sources.map((/** @type {any} */ source) =>
        button(`Move all to ${shortName(source)}`, () => move(name, source.name)),
      ),
      button("Purge", () => post("/queue/purge", { name }), { confirm: `Delete all messages of ${name}?` }),
    ),
    moves.length > 0 &&
      section(
        "Moves",
        table(
          moves,
          [
            { label: "Started", class: "time", cell: ({ startedAt }) => time(startedAt) },
            { label: "Status", cell: ({ status, failure }) => [badge(status), failure && ` ${failure}`] },
            { label: "Moved", class: "num", cell: ({ moved, toMove }) => `${moved} of ${toMove ?? moved}` },
          ],
          { empty: "", caption: "Moves" },
        ),
      ),
  ].filter((part) => part !== false);
}

/**
 * Dead letters that did not come from a queue (from a rule, a function) must be told where to go.
 * @param {string} name
 * @param {string} [to]
 */
async function move(name, to) {
  await post("/queue/redrive", { name, to });
  say("They are on their way");
}

/**
 * @param {string} name
 * @param {boolean} isFifo
 */
function send(name, isFifo) {
  const body = h("textarea", { rows: "4", class: "mono", spellcheck: "false", required: true });
  const group = h("input", { required: true, spellcheck: "false" });
  const deduplication = h("input", { spellcheck: "false" });
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Send a message")),
    form(
      "Send",
      async () => {
        const answer = await post("/queue/send", {
          name,
          body: body.value,
          ...(isFifo && { group: group.value, deduplication: deduplication.value }),
        });
        say(`Sent as ${answer.id}`);
      },
      field("Body", body),
      isFifo && field("Group", group),
      isFifo && field("Deduplication id", deduplication, "Needed unless the queue makes one of the content"),
    ),
  );
}

/** @param {Record<string, string>} values */
const attributes = (values) =>
  table(
    Object.entries(values),
    [
      { label: "Name", cell: ([name]) => name },
      { label: "Value", class: "mono break", cell: ([, value]) => value },
    ],
    { empty: "None." },
  );
