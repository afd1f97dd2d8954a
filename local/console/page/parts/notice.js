/** Short messages at the lower edge, which are read out too. */
import { byId, h } from "../core/dom.js";
import { Refused } from "../core/api.js";

const SECONDS = 6;
/** @type {number | undefined} */
let timer;

/**
 * @param {string} text
 * @param {"good" | "bad"} [tone]
 */
export function say(text, tone = "good") {
  const notice = byId("notice");
  notice.replaceChildren(h("p", { class: `notice ${tone}` }, text));
  window.clearTimeout(timer);
  timer = window.setTimeout(() => notice.replaceChildren(), SECONDS * 1000);
}

/** @param {unknown} error */
export function complain(error) {
  say(textOf(error), "bad");
}

/** @param {unknown} error */
export const textOf = (error) =>
  error instanceof Refused
    ? `${error.name}: ${error.message}`
    : error instanceof TypeError
      ? "The local cloud does not answer"
      : String(error);

/**
 * What is shown in place of content that could not be read.
 * @param {unknown} error
 */
export const problem = (error) => h("div", { class: "panel problem", role: "alert" }, h("p", {}, textOf(error)));
