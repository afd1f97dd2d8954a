/** Calls of AWS operations, newest first. */
import { h } from "../core/dom.js";
import { time } from "../core/format.js";
import { table } from "./table.js";

/** @param {any[]} calls */
export const callTable = (calls) =>
  table(
    calls,
    [
      { label: "Time", class: "time", cell: ({ at }) => time(at, { milliseconds: true }) },
      {
        label: "Operation",
        class: "mono",
        cell: ({ service, operation }) => [h("span", { class: "muted" }, `${service}:`), operation],
      },
      { label: "Caller", class: "break", cell: ({ caller }) => caller },
      {
        label: "Outcome",
        cell: ({ error }) => (error ? h("span", { class: "bad" }, `✕ ${error}`) : h("span", { class: "muted" }, "✓")),
      },
    ],
    { empty: "Nobody has called anything yet.", caption: "Calls" },
  );
