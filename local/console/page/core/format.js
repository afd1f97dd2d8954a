/** Values as people read them. Times are the cloud's, in UTC, as in its logs. */
import { h } from "./dom.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The cloud's time as last heard, and when that was. */
let heard = { now: Date.now(), at: performance.now(), isRunning: true };

/**
 * @param {number} now
 * @param {boolean} isRunning false for virtual time, which stands still by itself
 */
export function setCloudTime(now, isRunning) {
  heard = { now, at: performance.now(), isRunning };
}

export const cloudNow = () => heard.now + (heard.isRunning ? performance.now() - heard.at : 0);

/**
 * @param {string | number | undefined | null} value epoch ms or an ISO date
 * @returns {number | undefined}
 */
export function moment(value) {
  if (value === undefined || value === null || value === "") return undefined;
  const time = typeof value === "number" ? value : Date.parse(value.replace(/\+0000$/, "Z"));
  return Number.isFinite(time) ? time : undefined;
}

/**
 * `12:00:05` today, with the date otherwise.
 * @param {string | number | undefined | null} value
 * @param {{ milliseconds?: boolean }} [options]
 */
export function time(value, { milliseconds = false } = {}) {
  const at = moment(value);
  if (at === undefined) return h("span", { class: "muted" }, "–");
  const iso = new Date(at).toISOString();
  const clock = iso.slice(11, milliseconds ? 23 : 19);
  const isToday = iso.slice(0, 10) === new Date(cloudNow()).toISOString().slice(0, 10);
  return h("time", { datetime: iso, title: iso }, isToday ? clock : `${dayOf(at)} ${clock}`);
}

/** @param {number} at */
export const dayOf = (at) => {
  const date = new Date(at);
  const isThisYear = date.getUTCFullYear() === new Date(cloudNow()).getUTCFullYear();
  return `${date.getUTCDate()} ${date.toLocaleString("en", { month: "short", timeZone: "UTC" })}${isThisYear ? "" : ` ${date.getUTCFullYear()}`}`;
};

/**
 * `830 ms`, `2.4 s`, `5 min 3 s`, `7 d`: at most two units.
 * @param {number | undefined} milliseconds
 */
export function duration(milliseconds) {
  if (milliseconds === undefined) return "–";
  if (milliseconds < SECOND) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * SECOND) return `${(milliseconds / SECOND).toFixed(1).replace(/\.0$/, "")} s`;
  for (const [unit, name, smaller, smallerName] of /** @type {const} */ ([
    [DAY, "d", HOUR, "h"],
    [HOUR, "h", MINUTE, "min"],
    [MINUTE, "min", SECOND, "s"],
  ])) {
    if (milliseconds < unit) continue;
    const rest = Math.floor((milliseconds % unit) / smaller);
    return `${Math.floor(milliseconds / unit)} ${name}${rest > 0 ? ` ${rest} ${smallerName}` : ""}`;
  }
  return `${Math.round(milliseconds / SECOND)} s`;
}

/** @param {number | undefined} count */
export function bytes(count) {
  if (count === undefined) return "–";
  if (count < 1000) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count;
  let unit = "B";
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/**
 * `1 queue`, `3 queues`.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/**
 * JSON over several lines; anything else as it is.
 * @param {string} text
 */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
