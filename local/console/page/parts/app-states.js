/** How the resources of an app are at the moment, in a few words each. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { duration, plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { badge } from "./badge.js";

/** @typedef {{ kind: "function" | "machine" | "queue" | "table" | "alarm", [more: string]: any }} State */

/**
 * By physical id.
 * @param {string} app
 * @returns {Promise<Record<string, State>>}
 */
export async function readStates(app) {
  const [{ functions }, { machines }, { queues }, { tables }, { alarms }] = await Promise.all(
    ["/functions", "/machines", "/queues", "/tables", "/alarms"].map((path) => get(path)),
  );
  /** @param {any} thing */
  const isOwn = ({ owner }) => owner?.app === app;
  return Object.fromEntries([
    ...functions.filter(isOwn).map((/** @type {any} */ { name, last }) => [name, { kind: "function", last }]),
    ...machines.filter(isOwn).map((/** @type {any} */ { arn, latest = [] }) => [arn, { kind: "machine", latest }]),
    ...queues
      .filter(isOwn)
      .map((/** @type {any} */ { url, visible, inFlight, delayed, isDeadLetters }) => [
        url,
        { kind: "queue", visible, inFlight, delayed, isDeadLetters },
      ]),
    ...tables.filter(isOwn).map((/** @type {any} */ { name, count }) => [name, { kind: "table", count }]),
    ...alarms.filter(isOwn).map((/** @type {any} */ { name, state }) => [name, { kind: "alarm", state }]),
  ]);
}

/** @param {State | undefined} state */
export function stateOf(state) {
  switch (state?.kind) {
    case "function":
      return state["last"] ? lastRun(state["last"]) : h("span", { class: "muted" }, "not run yet");
    case "machine":
      return state["latest"].length === 0
        ? h("span", { class: "muted" }, "no executions")
        : h(
            "span",
            { class: "dots" },
            state["latest"].map((/** @type {any} */ { arn, status }) =>
              h("a", { class: "dot-link", href: to("execution", arn), "data-key": arn }, badge(status)),
            ),
          );
    case "queue":
      return waiting(state);
    case "table":
      return plural(state["count"], "item");
    case "alarm":
      return badge(state["state"]);
    default:
      return "";
  }
}

/** @param {any} queue */
function waiting({ visible, inFlight, delayed, isDeadLetters }) {
  const words = [
    ...(visible > 0 ? [`${visible} ${isDeadLetters ? "dead" : "waiting"}`] : []),
    ...(inFlight > 0 ? [`${inFlight} in flight`] : []),
    ...(delayed > 0 ? [`${delayed} delayed`] : []),
  ];
  if (words.length === 0) return h("span", { class: "muted" }, "empty");
  return h("strong", { class: isDeadLetters && visible > 0 ? "bad" : "" }, words.join(", "));
}

/** @param {any} last */
const lastRun = ({ failed, at, durationMs }) => [
  badge(failed ? "failed" : "succeeded"),
  " ",
  time(at),
  h("span", { class: "muted whole" }, ` · ${duration(durationMs)}`),
];
