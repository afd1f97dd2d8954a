/** States of things: a word with a sign, so that colour is never alone in saying it. */
import { h } from "../core/dom.js";

/** @typedef {"good" | "bad" | "busy" | "warn" | "quiet"} Tone */

/** @type {Record<string, [Tone, string, string]>} tone, sign, word */
const BADGES = {
  RUNNING: ["busy", "▶", "running"],
  SUCCEEDED: ["good", "✓", "succeeded"],
  FAILED: ["bad", "✕", "failed"],
  TIMED_OUT: ["bad", "◷", "timed out"],
  ABORTED: ["warn", "■", "aborted"],
  PENDING_REDRIVE: ["busy", "↻", "pending redrive"],
  running: ["busy", "▶", "running"],
  succeeded: ["good", "✓", "succeeded"],
  caught: ["warn", "↷", "error caught"],
  failed: ["bad", "✕", "failed"],
  aborted: ["warn", "■", "aborted"],
  "timed-out": ["bad", "◷", "timed out"],
  OK: ["good", "✓", "OK"],
  ALARM: ["bad", "!", "alarm"],
  INSUFFICIENT_DATA: ["quiet", "?", "no data yet"],
  ACTIVE: ["good", "✓", "active"],
  Active: ["good", "✓", "active"],
  ENABLED: ["good", "✓", "on"],
  Enabled: ["good", "✓", "enabled"],
  DISABLED: ["quiet", "–", "off"],
  COMPLETED: ["good", "✓", "completed"],
  CANCELLED: ["warn", "■", "cancelled"],
  waiting: ["busy", "●", "waiting"],
  "in flight": ["warn", "↗", "in flight"],
  delayed: ["quiet", "◷", "delayed"],
  none: ["quiet", "·", "not reached"],
};

/**
 * @param {string | undefined} state a status as AWS names it, a stack's too
 * @param {string} [word] in place of the usual one
 */
export function badge(state, word) {
  const [tone, sign, usual] = BADGES[state ?? "none"] ?? stackBadge(state ?? "");
  return h("span", { class: `badge ${tone}` }, h("span", { "aria-hidden": "true" }, sign), word ?? usual);
}

/** @param {string | undefined} state */
export const signOf = (state) => BADGES[state ?? "none"]?.[1] ?? "";
/** @param {string | undefined} state */
export const wordOf = (state) => BADGES[state ?? "none"]?.[2] ?? state ?? "";
/** @param {string | undefined} state */
export const toneOf = (state) => BADGES[state ?? "none"]?.[0] ?? "quiet";

/**
 * @param {string} status
 * @returns {[Tone, string, string]}
 */
function stackBadge(status) {
  const word = status.toLowerCase().replaceAll("_", " ");
  if (/FAILED|ROLLBACK/.test(status)) return ["bad", "✕", word];
  if (/PROGRESS/.test(status)) return ["busy", "▶", word];
  if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return ["good", "✓", "deployed"];
  return /COMPLETE/.test(status) ? ["good", "✓", word] : ["quiet", "·", word];
}
