/** The messages of a queue: shown without receiving them, chosen ones moved or deleted. */
import { address, get, post } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { badge } from "./badge.js";
import { button } from "./form.js";
import { say } from "./notice.js";
import { pages } from "./pages.js";
import { facts, shortName } from "./table.js";
import { dataBlock } from "./text.js";

/** Of a body, before it is opened. */
const BEGINNING = 120;

/**
 * @param {string} name
 * @param {{ sources: { name: string, owner?: import("./table.js").Owner }[] }} known
 */
export function queueMessages(name, { sources }) {
  /** @type {Set<string>} */
  const chosen = new Set();
  const isFifo = name.endsWith(".fifo");
  const bar = h("div", { class: "actions chosen-bar", hidden: true });
  const list = pages(
    async (token) => {
      const skip = Number(token ?? 0);
      const answer = await get("/queue/messages", { name, skip });
      const next = skip + answer.messages.length;
      return { rows: answer.messages, token: next < answer.total ? String(next) : undefined };
    },
    (rows) =>
      rows.length === 0
        ? h("p", { class: "empty" }, "No message is in it.")
        : h(
            "ol",
            { class: "messages" },
            rows.map((row) => messageItem(name, row, chosen, isFifo ? undefined : showBar)),
          ),
  );

  function showBar() {
    bar.hidden = chosen.size === 0;
    const act = async (/** @type {string} */ path, /** @type {string} */ done, /** @type {string} */ where = "") => {
      const { done: count, refused } = await post(path, { name, ids: [...chosen], to: where });
      chosen.clear();
      showBar();
      await list.restart();
      const said = `${plural(count, "message")} ${done}`;
      if (refused.length === 0) say(said);
      else say(`${said}, ${refused.length} not: ${refused[0].reason}`, "bad");
    };
    bar.replaceChildren(
      h("span", { class: "muted" }, `${chosen.size} chosen`),
      ...(sources.length > 0 ? [button("Move back", () => act("/queue/move", "moved back"))] : []),
      ...sources.map((source) => {
        const where = shortName(source);
        return button(`Move to ${where}`, () => act("/queue/move", `moved to ${where}`, source.name));
      }),
      button("Delete", () => act("/queue/delete", "deleted"), { confirm: `Delete ${plural(chosen.size, "message")}?` }),
    );
  }

  return { element: h("div", { class: "live" }, bar, list.element), refresh: list.refresh };
}

/**
 * @param {string} queue
 * @param {any} message
 * @param {Set<string>} chosen
 * @param {(() => void) | undefined} changed undefined where none can be chosen
 */
function messageItem(queue, message, chosen, changed) {
  const { id, state, until, sentAt, received, body, from, group } = message;
  const box =
    changed &&
    h("input", {
      type: "checkbox",
      "aria-label": `Choose message ${id}`,
      "data-key": `choose ${id}`,
      checked: chosen.has(id),
      onchange: (/** @type {Event} */ event) => {
        if (event.currentTarget instanceof HTMLInputElement && event.currentTarget.checked) chosen.add(id);
        else chosen.delete(id);
        changed();
      },
    });
  return h(
    "li",
    { class: "message-item" },
    box,
    h(
      "details",
      { "data-key": `message ${id}` },
      h(
        "summary",
        {},
        badge(state),
        h("span", { class: "mono beginning" }, body.text.slice(0, BEGINNING) || "(empty)"),
        h("span", { class: "muted when" }, time(sentAt), received > 0 ? ` · received ${received}×` : ""),
      ),
      h(
        "div",
        { class: "more" },
        facts([
          ["Sent", time(sentAt, { milliseconds: true })],
          ["By", message.sender],
          ["Received", `${received}×`],
          ["First received", message.firstAt && time(message.firstAt)],
          [state === "delayed" ? "Delayed for" : "Hidden for", state === "waiting" ? undefined : untilWhen(until)],
          ["Group", group],
          ["Deduplication id", message.deduplication],
          ["Dead letter of", from && h("a", { href: to("queues", from) }, from)],
          ["Message", h("a", { href: to("follow", id) }, h("code", {}, id))],
          ["Trace", message.trace && h("a", { href: to("follow", rootOf(message.trace)) }, "follow")],
          ...Object.entries(message.attributes).map(
            ([name, value]) => /** @type {[string, string]} */ ([name, String(value)]),
          ),
        ]),
        dataBlock(body, address("/queue/body", { name: queue, id }), { key: `body ${id}`, label: `Message ${id}` }),
      ),
    ),
  );
}

/** @param {number} until */
const untilWhen = (until) => h("span", {}, "until ", time(until));

/** `Root=1-…;Sampled=1` → the id. @param {string} trace */
const rootOf = (trace) => /Root=([^;]+)/.exec(trace)?.[1] ?? trace;
