/** The way of one event across objects, queues, topics, buses, functions and executions; and every log line that names it. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { field, form } from "../parts/form.js";
import { journey, stepTitle, targetLink } from "../parts/journey.js";
import { logLine } from "../parts/log/log-line.js";
import { appLink, heading, section, table } from "../parts/table.js";

/** @param {string} text */
export function follow(text) {
  const input = h("input", { type: "search", value: text, required: true, spellcheck: "false" });
  const ask = form(
    "Follow",
    () => {
      location.hash = to("follow", input.value.trim());
    },
    field("Id of a message, event, execution, request or trace; key of an object; order number", input),
  );
  ask.classList.add("row", "wide");
  return viewOf(text === "" ? "Follow an event" : `Follow ${text}`, [
    heading("Follow an event", {
      says: "From what set it off, through rules, queues, functions and state machines, to what came of it.",
    }),
    ask,
    ...(text === ""
      ? [live(() => get("/journeys"), begun)]
      : [live(() => get("/journey", { id: text }), journey), live(() => get("/follow", { text }), lines)]),
  ]);
}

/** @param {any} data */
const begun = ({ beginnings }) =>
  section(
    "Set off lately",
    table(
      beginnings,
      [
        { label: "Time", class: "time", cell: ({ at }) => time(at, { milliseconds: true }) },
        {
          label: "What",
          class: "break grow",
          cell: (step) => h("a", { href: to("follow", step.id), "data-key": `step ${step.id}` }, stepTitle(step)),
        },
        { label: "To", cell: (step) => targetLink(step) },
        { label: "App", cell: ({ owner }) => appLink(owner) },
        { label: "By", class: "break muted", cell: ({ by, via }) => via ?? by },
      ],
      {
        empty: "Nothing yet. Upload a file, send a message or call an API, and it is listed here.",
        caption: "Set off lately",
      },
    ),
  );

/** @param {any} data */
function lines({ lines: found, hasMore }) {
  const groups = new Set(found.map((/** @type {any} */ { group }) => group));
  return section(
    "Log lines that name it",
    found.length === 0
      ? h("p", { class: "muted" }, "None.")
      : h(
          "p",
          { class: "muted" },
          `${plural(found.length, "line")} in ${plural(groups.size, "log group")}${hasMore ? "; older ones are left out" : ""}`,
        ),
    found.length > 0 &&
      h(
        "ol",
        { class: "log followed" },
        found.map((/** @type {any} */ line) =>
          logLine(line, line.group, h("a", { href: to("logs", line.group) }, shortGroup(line.group))),
        ),
      ),
  );
}

/** @param {string} group */
const shortGroup = (group) => group.replace(/^\/aws\/(lambda|vendedlogs\/states|states)\//, "");
