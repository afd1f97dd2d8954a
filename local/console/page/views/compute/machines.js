/** All state machines. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { signOf, toneOf, wordOf } from "../../parts/badge.js";
import { appLink, heading, named, table } from "../../parts/table.js";

export const machines = () =>
  viewOf("State machines", [heading("State machines"), live(() => get("/machines"), render)]);

/** @param {any} data */
const render = (data) =>
  table(
    data.machines,
    [
      { label: "State machine", cell: ({ arn, name, owner }) => named(name, owner, to("machines", arn)) },
      { label: "App", cell: ({ owner }) => appLink(owner) },
      { label: "Type", cell: ({ type }) => type.toLowerCase() },
      {
        label: "Latest executions",
        cell: ({ latest }) =>
          latest === undefined
            ? h("span", { class: "muted" }, "in its log")
            : latest.length === 0
              ? h("span", { class: "muted" }, "none")
              : h("span", { class: "dots" }, latest.map(dot)),
      },
    ],
    { empty: "There are no state machines.", caption: "State machines" },
  );

/** @param {{ arn: string, status: string }} execution */
const dot = ({ arn, status }) =>
  h(
    "a",
    {
      href: to("execution", arn),
      class: `badge ${toneOf(status)}`,
      title: wordOf(status),
      "aria-label": wordOf(status),
      "data-key": arn,
    },
    signOf(status),
  );
