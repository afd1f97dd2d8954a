/** One state machine: its graph, its executions, and starting one. The same list for the children of a distributed Map. */
import { get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { duration, time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { graph } from "../../graph/graph.js";
import { badge } from "../../parts/badge.js";
import { choice, field, form } from "../../parts/form.js";
import { complain } from "../../parts/notice.js";
import { pages } from "../../parts/pages.js";
import { facts, heading, table } from "../../parts/table.js";
import { textBlock } from "../../parts/text.js";

/** @param {string} arn */
export async function machine(arn) {
  const known = await get("/machine", { arn });
  const name = known.owner?.logicalId ?? known.name;
  const picture = graph(known.drawing, { label: `States of ${name}` });
  const isExpress = known.type === "EXPRESS";
  const logLink = known.logGroup && h("a", { href: to("logs", known.logGroup) }, "its log");
  return viewOf(name, [
    heading(name, {
      trail: [
        ["State machines", to("machines")],
        ...(known.owner ? [/** @type {[string, string]} */ ([known.owner.app, to("apps", known.owner.app)])] : []),
      ],
      says: [`${known.type.toLowerCase()} · `, h("code", {}, known.name), ...(logLink ? [" · ", logLink] : [])],
    }),
    start(arn),
    h("h2", {}, "Executions"),
    ...(isExpress
      ? [
          h(
            "p",
            { class: "empty" },
            "Express executions leave no history behind; ",
            logLink ?? "without a log group nothing is kept of them",
            ".",
          ),
        ]
      : executionList({ machine: arn })),
    h("h2", {}, "States"),
    picture.element,
    h(
      "details",
      { class: "section" },
      h("summary", {}, h("h2", {}, "Definition")),
      textBlock(known.definition, { label: "Definition" }),
    ),
  ]);
}

/** The child executions of a distributed Map. @param {string} arn */
export const mapRun = (arn) =>
  viewOf("Map run", [live(() => get("/maprun", { arn }), mapRunHead), ...executionList({ mapRun: arn })]);

/** @param {any} run */
const mapRunHead = ({ parent, status, startedAt, stoppedAt, concurrency, items, executions, ...limits }) => [
  heading("Map run", {
    trail: [
      ["State machines", to("machines")],
      [parent.split(":").at(-1), to("execution", parent)],
    ],
    says: [badge(status), " started ", time(startedAt), stoppedAt ? ` · took ${duration(stoppedAt - startedAt)}` : ""],
  }),
  facts([
    ["Items", counts(items)],
    ["Child executions", counts(executions)],
    ["At the same time", concurrency || "no limit"],
    ["May fail", limits.toleratedFailures || (limits.toleratedPercentage ? `${limits.toleratedPercentage} %` : "none")],
  ]),
];

/** @param {Record<string, number>} by number by outcome */
const counts = ({ total = 0, ...by }) =>
  [
    total.toLocaleString("en"),
    ...["succeeded", "running", "pending", "failed", "timedOut", "aborted"].flatMap((name) =>
      (by[name] ?? 0) > 0
        ? [`${(by[name] ?? 0).toLocaleString("en")} ${name === "timedOut" ? "timed out" : name}`]
        : [],
    ),
  ].join(" · ");

/** @param {{ machine: string } | { mapRun: string }} of */
function executionList(of) {
  let status = "";
  const list = pages(
    async (token) => {
      const answer = await get("/executions", { ...of, status, token });
      return { rows: answer.executions, token: answer.token };
    },
    (rows) =>
      table(
        rows,
        [
          {
            label: "Execution",
            class: "break",
            cell: ({ arn, name }) => h("a", { href: to("execution", arn), "data-key": arn }, name),
          },
          {
            label: "Status",
            cell: ({ status, redrives }) => [badge(status), redrives ? ` redriven ${redrives}×` : ""],
          },
          { label: "Started", class: "time", cell: ({ startedAt }) => time(startedAt) },
          { label: "Ended", class: "time", cell: ({ stoppedAt }) => time(stoppedAt) },
          {
            label: "Took",
            class: "num",
            cell: ({ startedAt, stoppedAt }) => (stoppedAt ? duration(stoppedAt - startedAt) : ""),
          },
        ],
        { empty: status === "" ? "None yet." : "None with this status.", caption: "Executions" },
      ),
  );
  const filter = choice(
    "Status",
    [
      ["", "All"],
      ["RUNNING", "Running"],
      ["SUCCEEDED", "Succeeded"],
      ["FAILED", "Failed"],
      ["TIMED_OUT", "Timed out"],
      ["ABORTED", "Aborted"],
    ],
    "",
    (value) => {
      status = value;
      void list.restart().catch(complain);
    },
  );
  return [filter, list];
}

/** @param {string} arn */
function start(arn) {
  const input = h("textarea", { rows: "5", spellcheck: "false", class: "mono", value: "{}" });
  const name = h("input", { spellcheck: "false", maxlength: "80" });
  const result = h("div", { "aria-live": "polite" });
  const run = async () => {
    const answer = await post("/machine/start", { arn, input: input.value, name: name.value.trim() });
    if (answer.arn) location.hash = to("execution", answer.arn);
    else
      result.replaceChildren(
        h("p", {}, badge(answer.status)),
        textBlock(answer.output ?? `${answer.error}: ${answer.cause}`),
      );
  };
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Start an execution")),
    form("Start", run, field("Input", input, "JSON"), field("Name", name, "Left empty, one is made up")),
    result,
  );
}
