/** One execution: its graph as it runs, what went into and came out of each state, and its history. */
import { address, get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { duration, time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { graph } from "../../graph/graph.js";
import { badge } from "../../parts/badge.js";
import { button } from "../../parts/form.js";
import { complain } from "../../parts/notice.js";
import { pages } from "../../parts/pages.js";
import { heading, table } from "../../parts/table.js";
import { dataBlock, textBlock } from "../../parts/text.js";
import { visits } from "../../parts/visits.js";

/**
 * @param {string} arn
 * @param {string | undefined} state chosen at first
 */
export async function execution(arn, state) {
  let latest = await get("/execution", { arn });
  let chosen = state;
  const picture = graph(latest.drawing, { label: `States of ${latest.name}`, onChoose: choose });
  const details = live(
    async () =>
      chosen === undefined ? latest : { chosen, ...(await get("/execution/visits", { arn, state: chosen })) },
    (data) => (data.chosen === undefined ? whole(data) : visits(arn, data, () => choose(undefined))),
  );
  const top = live(async () => latest, head);
  const events = history(arn);

  /** @param {string | undefined} name */
  function choose(name) {
    chosen = name;
    picture.choose(name);
    replaceAddress(name === undefined ? to("execution", arn) : to("execution", arn, name));
    void details.refresh().catch(complain);
  }

  const everything = {
    element: h("div", { class: "split" }, picture.element, h("div", { class: "panel beside" }, details.element)),
    refresh: async () => {
      latest = await get("/execution", { arn });
      picture.update(latest.states, latest.steps);
      await Promise.all([top.refresh(), details.refresh()]);
    },
  };
  picture.choose(state);
  return viewOf(latest.name, [top, everything, h("h2", {}, "History"), events]);
}

/** The address follows the chosen state without a step back for each. @param {string} hash */
const replaceAddress = (hash) => window.history.replaceState(null, "", hash);

/** @param {any} data */
function head(data) {
  const took = data.stoppedAt ? data.stoppedAt - data.startedAt : undefined;
  return [
    heading(data.name, {
      trail: [
        ["State machines", to("machines")],
        [data.owner?.logicalId ?? data.machine.split(":").at(-1), to("machines", data.machine)],
        ...(data.mapRun ? [/** @type {[string, string]} */ (["map run", to("maprun", data.mapRun)])] : []),
      ],
      says: [
        badge(data.status),
        " started ",
        time(data.startedAt),
        ...(took === undefined ? [] : [" · took ", duration(took)]),
        ...(data.redrives ? [` · redriven ${data.redrives}×`] : []),
        ...(data.trace ? [" · ", h("a", { href: to("follow", rootOf(data.trace)) }, "follow its trace")] : []),
      ],
      actions: [
        data.status === "RUNNING" &&
          button("Stop", () => post("/execution/stop", { arn: data.arn }), { confirm: "Stop this execution?" }),
        data.isRedrivable && button("Redrive", () => post("/execution/redrive", { arn: data.arn })),
      ],
    }),
    data.error &&
      h(
        "div",
        { class: "panel problem" },
        h("p", {}, h("strong", {}, data.error)),
        data.cause && textBlock(data.cause, { key: "cause" }),
      ),
    data.mapRuns.length > 0 &&
      h(
        "p",
        {},
        "Map runs: ",
        data.mapRuns.flatMap((/** @type {any} */ run, /** @type {number} */ i) => [
          i > 0 ? ", " : "",
          h("a", { href: to("maprun", run.arn) }, run.arn.split("/").at(-1).slice(0, 40)),
        ]),
      ),
  ].filter((part) => part !== false && part !== undefined);
}

/** `Root=1-…;Sampled=1` → the id. @param {string} trace */
const rootOf = (trace) => /Root=([^;]+)/.exec(trace)?.[1] ?? trace;

/** @param {any} data */
const whole = (data) => [
  h("h2", {}, "The whole execution"),
  h("p", { class: "hint" }, "Choose a state in the graph to see what went in and what came out."),
  h("h3", {}, "Input"),
  dataBlock(data.input, address("/execution/data", { arn: data.arn, part: "input" }), { key: "input", label: "Input" }),
  h("h3", {}, "Output"),
  dataBlock(data.output, address("/execution/data", { arn: data.arn, part: "output" }), {
    key: "output",
    label: "Output",
  }),
];

/** @param {string} arn */
function history(arn) {
  return pages(
    async (token) => {
      const answer = await get("/execution/events", { arn, token });
      return { rows: answer.events, token: answer.token };
    },
    (rows) =>
      table(
        rows,
        [
          { label: "#", class: "num", cell: ({ id }) => id },
          { label: "Time", class: "time", cell: ({ at }) => time(at, { milliseconds: true }) },
          { label: "Event", cell: ({ type }) => type },
          {
            label: "State or task",
            class: "break",
            cell: ({ name, error }) => [name ?? "", error && h("span", { class: "bad" }, ` ${error}`)],
          },
          {
            label: "Details",
            class: "grow",
            cell: ({ id, details }) =>
              details === "{}"
                ? ""
                : h(
                    "details",
                    { "data-key": `event ${id}` },
                    h("summary", {}, "show"),
                    textBlock(details, { label: `Event ${id}` }),
                  ),
          },
        ],
        { empty: "Nothing yet.", caption: "History events" },
      ),
  );
}
