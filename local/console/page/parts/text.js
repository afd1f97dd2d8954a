/** Longer text: JSON in colours, plain text, and a button that copies it. */
import { h } from "../core/dom.js";
import { pretty } from "../core/format.js";
import { say } from "./notice.js";

/** Colouring longer text would cost more than it tells. */
const MOST_COLOURED = 30_000;

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/**
 * JSON is indented and coloured; other text is shown as it is.
 * @param {string} text
 * @param {{ key?: string, label?: string, raw?: boolean }} [options] `raw`: not indented
 */
export function textBlock(text, { key, label, raw = false } = {}) {
  const shown = raw ? text : pretty(text);
  const isJson = /^\s*[[{"]/.test(shown) && shown.length <= MOST_COLOURED;
  const pre = h(
    "pre",
    { class: "scroll", "data-key": key, tabindex: "0", "aria-label": label },
    isJson ? coloured(shown) : shown,
  );
  return h("div", { class: "text" }, pre, shown !== "" && copyButton(shown));
}

/** @param {string} text */
function coloured(text) {
  /** @type {import("../core/dom.js").Child[]} */
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(TOKEN)) {
    parts.push(text.slice(done, match.index));
    const [whole, string, colon] = match;
    const kind = string === undefined ? "value" : colon === undefined ? "string" : "name";
    parts.push(h("span", { class: `json-${kind}` }, string ?? whole), colon ?? "");
    done = match.index + whole.length;
  }
  parts.push(text.slice(done));
  return parts.filter((part) => part !== "");
}

/** @param {string} text */
export const copyButton = (text) =>
  h(
    "button",
    {
      class: "copy",
      type: "button",
      onclick: async () => {
        await navigator.clipboard.writeText(text);
        say("Copied");
      },
    },
    "Copy",
  );

/**
 * Input or output of a state or execution; when it was cut, a link to the whole.
 * @param {{ text: string, cut: number } | undefined} data
 * @param {string} whole
 * @param {{ key: string, label: string }} options
 */
export const dataBlock = (data, whole, options) =>
  data === undefined
    ? h("p", { class: "muted" }, "None yet.")
    : h(
        "div",
        {},
        textBlock(data.text, options),
        data.cut > 0 &&
          h(
            "p",
            {},
            h("a", { href: whole, target: "_blank" }, `All of it (${data.cut.toLocaleString("en")} characters more)`),
          ),
      );
