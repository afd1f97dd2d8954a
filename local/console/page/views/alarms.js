/** Alarms, and how one came to its state. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { time } from "../core/format.js";
import { arnLink, shortArn, to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { badge } from "../parts/badge.js";
import { appLink, facts, heading, named, section, table } from "../parts/table.js";

/** @param {string | undefined} name */
export const alarms = (name) =>
  name === undefined
    ? viewOf("Alarms", [heading("Alarms"), live(() => get("/alarms"), render)])
    : viewOf(name, [
        live(async () => {
          const [{ alarms: all }, { history: happened }] = await Promise.all([
            get("/alarms"),
            get("/alarm/history", { name }),
          ]);
          return { name, happened, alarm: all.find((/** @type {any} */ each) => each.name === name) };
        }, one),
      ]);

/** @param {any} data */
const one = ({ name, alarm, happened }) => [
  heading(alarm?.owner?.logicalId ?? name, {
    trail: [
      ["Alarms", to("alarms")],
      ...(alarm?.owner ? [/** @type {[string, string]} */ ([alarm.owner.app, to("apps", alarm.owner.app)])] : []),
    ],
    says: alarm?.description || h("code", {}, name),
  }),
  ...(alarm
    ? [
        facts([
          ["State", badge(alarm.state)],
          ["Since", time(alarm.changedAt)],
          ["Watches", alarm.watches],
          ["Rings when", alarm.rule],
          [
            "Tells",
            alarm.actions.length > 0
              ? h(
                  "span",
                  {},
                  alarm.actions.map((/** @type {string} */ arn) =>
                    h("a", { href: arnLink(arn) ?? "#/" }, shortArn(arn)),
                  ),
                )
              : undefined,
          ],
        ]),
        h("p", { class: "says" }, alarm.reason ?? ""),
      ]
    : [h("p", { class: "panel problem" }, "There is no such alarm.")]),
  history(happened),
];

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
        class: "break",
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

/** @param {any[]} list */
const history = (list) =>
  section(
    "History",
    table(
      list,
      [
        { label: "Time", class: "time", cell: ({ at }) => time(at) },
        { label: "What", cell: ({ summary }) => summary },
      ],
      { empty: "Nothing has happened to it.", caption: "History" },
    ),
  );
