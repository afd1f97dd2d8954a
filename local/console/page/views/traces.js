/** Traces: the latest ones; one as a map of who called whom, and as a timeline. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { duration, plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { graph } from "../graph/graph.js";
import { badge } from "../parts/badge.js";
import { field, form } from "../parts/form.js";
import { heading, table } from "../parts/table.js";
import { textBlock } from "../parts/text.js";

/** @type {Record<string, [string, string]>} state of the badge, and its word */
const OUTCOMES = {
  ok: ["OK", "OK"],
  error: ["caught", "error"],
  throttle: ["caught", "throttled"],
  fault: ["FAILED", "fault"],
  open: ["running", "open"],
};

/** @param {string} outcome */
const outcomeBadge = (outcome) => badge(...(OUTCOMES[outcome] ?? ["none", outcome]));

/** @param {string} filter an expression as X-Ray takes it */
export function traces(filter) {
  const input = h("input", {
    type: "search",
    value: filter,
    spellcheck: "false",
    placeholder: "fault OR duration > 1",
  });
  const ask = form(
    "Filter",
    () => {
      const text = input.value.trim();
      location.hash = text === "" ? to("traces") : to("traces", "where", text);
    },
    field("Filter", input, 'As X-Ray takes it: fault, duration > 1, annotation.CorrelationId = "order-7"'),
  );
  ask.classList.add("row");
  return viewOf("Traces", [
    heading("Traces", { says: "Of the last six hours, the latest first." }),
    ask,
    live(() => get("/traces", { filter }), list),
  ]);
}

/** @param {any} data */
const list = ({ isCollecting, traces: found }) =>
  table(
    found,
    [
      { label: "Time", class: "time", cell: ({ at }) => time(at, { milliseconds: true }) },
      {
        label: "Request",
        class: "break grow",
        cell: ({ id, entry, method }) =>
          h(
            "a",
            { href: to("traces", id), "data-key": `trace ${id}` },
            [method, entry ?? id].filter(Boolean).join(" "),
          ),
      },
      { label: "Status", class: "num", cell: ({ status }) => status ?? "–" },
      { label: "Outcome", cell: ({ outcome }) => outcomeBadge(outcome) },
      { label: "Took", class: "num", cell: ({ durationMs }) => duration(durationMs) },
      { label: "Nodes", class: "num", cell: ({ nodes }) => nodes },
    ],
    {
      empty: isCollecting
        ? "No traces. Call an API with tracing, and its way is drawn here."
        : "This cloud does not collect traces.",
      caption: "Traces",
    },
  );

/** @param {string} id */
export async function trace(id) {
  let latest = await get("/trace", { id });
  /** @type {string | undefined} */
  let chosen;
  let picture = draw();
  const place = h("div", {}, picture.element);
  const timeline = live(async () => ({ ...latest, chosen }), render);

  function draw() {
    const drawn = graph(latest.drawing, { label: `Services of ${id}`, onChoose: choose });
    drawn.update(latest.summaries, latest.steps);
    return drawn;
  }

  /** @param {string | undefined} node */
  function choose(node) {
    chosen = node === chosen ? undefined : node;
    picture.choose(chosen);
    void timeline.refresh();
  }

  let shape = JSON.stringify(latest.drawing);
  const everything = {
    element: h("div", { class: "trace" }, place, h("div", { class: "panel" }, timeline.element)),
    refresh: async () => {
      latest = await get("/trace", { id });
      const now = JSON.stringify(latest.drawing);
      if (now === shape) picture.update(latest.summaries, latest.steps);
      else {
        // More of the trace has come.
        shape = now;
        picture = draw();
        place.replaceChildren(picture.element);
      }
      await timeline.refresh();
    },
  };
  const failed = latest.rows.filter((/** @type {any} */ { outcome }) => outcome === "fault").length;
  return viewOf(id, [
    heading(id, {
      trail: [["Traces", to("traces")]],
      says: [
        time(latest.startedAt, { milliseconds: true }),
        ` · took ${duration(latest.durationMs)} · `,
        failed > 0 ? plural(failed, "fault") : "no faults",
        " · ",
        h("a", { href: to("follow", id), "data-key": "follow" }, "follow it"),
      ],
    }),
    everything,
  ]);
}

/** @param {any} data */
const render = ({ rows, durationMs, chosen }) => [
  h("h2", {}, "Timeline"),
  h(
    "p",
    { class: "hint" },
    chosen ? `What belongs to ${chosen} stands out.` : "Choose a service to see what belongs to it.",
  ),
  h(
    "ol",
    { class: "timeline" },
    rows.map((/** @type {any} */ row) => h("li", {}, line(row, durationMs, chosen))),
  ),
];

/**
 * @param {any} row
 * @param {number} whole milliseconds of the trace
 * @param {string | undefined} chosen
 */
function line(row, whole, chosen) {
  const bar = h("span", { class: `bar ${row.outcome}`, "aria-hidden": "true" });
  const share = (/** @type {number} */ ms) => `${whole === 0 ? 0 : Math.min(100, (100 * ms) / whole)}%`;
  bar.style.setProperty("--from", share(row.startMs));
  bar.style.setProperty("--length", share(row.durationMs));
  const name = h(
    "span",
    { class: "what" },
    h(row.isSegment ? "strong" : "span", {}, row.name),
    row.kind && h("span", { class: "muted" }, ` ${row.kind.replace(/^AWS::/, "")}`),
  );
  name.style.setProperty("--depth", String(Math.min(row.depth, 14)));
  const summary = [
    name,
    h("span", { class: "track" }, bar),
    h("span", { class: "took" }, row.outcome !== "ok" && outcomeBadge(row.outcome), ` ${duration(row.durationMs)}`),
  ];
  const classes = `part ${chosen !== undefined && row.node !== chosen ? "aside" : ""}`;
  if (row.document === undefined && row.reason === undefined) return h("div", { class: classes }, summary);
  return h(
    "details",
    { class: classes, "data-key": `part ${row.id}` },
    h("summary", {}, summary),
    row.reason && h("p", { class: "bad" }, row.reason),
    row.document && textBlock(row.document, { key: `document ${row.id}`, label: row.name }),
  );
}
