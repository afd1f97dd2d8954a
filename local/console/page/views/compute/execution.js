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
import { executionLink, listed, visits } from "../../parts/visits.js";

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
  let isDrawn = false;
  const beside = h("div", { class: "panel beside" }, details.element);
  // On a narrow screen what a state did is below the graph: who chose one is led there.
  const isBelow = () => beside.offsetTop > picture.element.offsetTop + picture.element.offsetHeight / 2;

  /** @param {string | undefined} name */
  function choose(name) {
    chosen = name;
    picture.choose(name);
    replaceAddress(name === undefined ? to("execution", arn) : to("execution", arn, name));
    details
      .refresh()
      .then(() => isBelow() && beside.scrollIntoView({ block: "start" }))
      .catch(complain);
  }

  const everything = {
    element: h("div", { class: "split" }, picture.element, beside),
    refresh: async () => {
      const answer = await get("/execution", { arn, known: latest.key });
      // Whatever else has happened in the cloud: nothing here.
      if (answer.isSame && isDrawn) return;
      if (!answer.isSame) latest = answer;
      isDrawn = true;
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
        " · ",
        h("a", { href: to("follow", data.arn), "data-key": "follow" }, "follow it"),
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
        listed(
          data.mapRuns.map((/** @type {any} */ { arn, items }) =>
            h("span", {}, executionLink(arn), ` ${items.succeeded} of ${items.total}`),
          ),
        ),
      ),
  ].filter((part) => part !== false && part !== undefined);
}

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
