/** Alarms, and how one came to its state. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { time } from "../core/format.js";
import { to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { badge } from "../parts/badge.js";
import { appLink, heading, named, section, table } from "../parts/table.js";

/** @param {string | undefined} name */
export const alarms = (name) =>
  viewOf(name ?? "Alarms", [
    heading("Alarms"),
    ...(name === undefined
      ? []
      : [
          live(
            () => get("/alarm/history", { name }),
            (data) => history(name, data.history),
          ),
        ]),
    live(() => get("/alarms"), render),
  ]);

/** @param {any} data */
const render = (data) =>
  table(
    data.alarms,
    [
      { label: "Alarm", cell: ({ name, owner }) => named(name, owner, to("alarms", name)) },
      { label: "App", cell: ({ owner }) => appLink(owner) },
      { label: "State", cell: ({ state }) => badge(state) },
      { label: "Since", class: "time", cell: ({ changedAt }) => time(changedAt) },
      {
        label: "Watches",
        cell: ({ watches, rule }) => [watches, h("br"), h("span", { class: "muted" }, rule)],
      },
      {
        label: "Why",
        class: "break grow",
        cell: ({ description, reason }) => [
          description ?? "",
          description && reason && h("br"),
          h("span", { class: "muted" }, reason ?? ""),
        ],
      },
    ],
    { empty: "There are no alarms.", caption: "Alarms" },
  );

/**
 * @param {string} name
 * @param {any[]} list
 */
const history = (name, list) =>
  section(
    name,
    table(
      list,
      [
        { label: "Time", class: "time", cell: ({ at }) => time(at) },
        { label: "What", cell: ({ summary }) => summary },
      ],
      { empty: "Nothing has happened to it.", caption: "History" },
    ),
  );
