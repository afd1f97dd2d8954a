/** The way of one event: every line that names it, of all functions and state machines, in the order of time. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural } from "../core/format.js";
import { to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { field, form } from "../parts/form.js";
import { logLine } from "../parts/log/log-line.js";
import { heading } from "../parts/table.js";

/** @param {string} text */
export function follow(text) {
  const input = h("input", { type: "search", value: text, required: true, spellcheck: "false" });
  const ask = form(
    "Follow",
    () => {
      location.hash = to("follow", input.value.trim());
    },
    field(
      "Id",
      input,
      "A trace, correlation, request or message id, an order number, a key: anything that log lines name",
    ),
  );
  return viewOf(text === "" ? "Follow an event" : `Follow ${text}`, [
    heading("Follow an event", { says: "Lines of all log groups that name one id, by time." }),
    ask,
    ...(text === "" ? [] : [live(() => get("/follow", { text }), render)]),
  ]);
}

/** @param {any} data */
function render({ lines, hasMore }) {
  if (lines.length === 0) return h("p", { class: "empty" }, "No line names it.");
  const groups = new Set(lines.map((/** @type {any} */ { group }) => group));
  return h(
    "div",
    {},
    h(
      "p",
      { class: "muted" },
      `${plural(lines.length, "line")} in ${plural(groups.size, "log group")}${hasMore ? "; older ones are left out" : ""}`,
    ),
    h(
      "ol",
      { class: "log followed" },
      lines.map((/** @type {any} */ line) =>
        logLine(line, line.group, h("a", { href: to("logs", line.group) }, shortGroup(line.group))),
      ),
    ),
  );
}

/** @param {string} group */
const shortGroup = (group) => group.replace(/^\/aws\/(lambda|vendedlogs\/states|states)\//, "");
