/** Keys that save the way to a view, and the dialog that tells of them. */
import { h } from "../core/dom.js";
import { to } from "../core/links.js";

/** After `g`: view and what it is. @type {Record<string, [string, string]>} */
const GO = {
  o: ["", "overview"],
  f: ["functions", "functions"],
  s: ["machines", "state machines"],
  b: ["buckets", "buckets"],
  q: ["queues", "queues"],
  t: ["tables", "tables"],
  e: ["events", "events and topics"],
  m: ["mails", "mails and SMS"],
  a: ["alarms", "alarms"],
  l: ["logs", "logs"],
  j: ["follow", "follow an event (its journey)"],
  r: ["traces", "traces"],
  c: ["calls", "calls"],
};
/** Time in which the second key must come. */
const PAUSE_MS = 1_500;

/**
 * @param {{ content: HTMLElement, openClock: () => void }} page
 * @returns the button that shows the keys
 */
export function shortcuts({ content, openClock }) {
  const dialog = help();
  document.body.append(dialog);
  const show = () => {
    if (!dialog.open) dialog.showModal();
  };
  let goesUntil = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const isSecond = performance.now() < goesUntil;
    goesUntil = 0;
    const place = isSecond && Object.hasOwn(GO, event.key) ? GO[event.key] : undefined;
    if (dialog.open) return;
    if (place) location.hash = to(...(place[0] === "" ? [] : [place[0]]));
    else if (event.key === "g") goesUntil = performance.now() + PAUSE_MS;
    else if (event.key === "?") show();
    else if (event.key === ".") openClock();
    else if (event.key === "/") searchIn(content)?.focus();
    else if (event.key === "u") upIn(content)?.click();
    else return;
    event.preventDefault();
  });

  return h("button", { type: "button", class: "keys", title: "Keys (?)", "aria-label": "Keys", onclick: show }, "?");
}

/** What is typed there is text. @param {EventTarget | null} target */
const isWriting = (target) => target instanceof Element && target.closest("input, textarea, select") !== null;

/** @param {HTMLElement} content */
const searchIn = (content) =>
  /** @type {HTMLInputElement | null} */ (content.querySelector('input[type="search"]:not([hidden])'));

/** The last link of the way that leads to a view. @param {HTMLElement} content */
const upIn = (content) => /** @type {HTMLAnchorElement | null} */ (content.querySelector(".trail a:last-of-type"));

function help() {
  const row = (/** @type {string[]} */ keys, /** @type {string} */ what) =>
    h(
      "div",
      {},
      h(
        "dt",
        {},
        keys.flatMap((key, i) => [i > 0 ? " " : "", h("kbd", {}, key)]),
      ),
      h("dd", {}, what),
    );
  const close = h("button", { type: "button" }, "Close");
  const dialog = h(
    "dialog",
    { class: "panel help", "aria-labelledby": "keys-title" },
    h("div", { class: "headline" }, h("h2", { id: "keys-title" }, "Keys"), close),
    h(
      "dl",
      {},
      row(["?"], "this list"),
      row(["/"], "the filter or search of the view"),
      row(["."], "fast-forward"),
      row(["u"], "up to what a view is part of"),
      row(["Esc"], "closes what is open"),
      row(["←↑→↓"], "from state to state in a graph; Enter chooses one"),
      Object.entries(GO).map(([key, [, what]]) => row(["g", key], what)),
    ),
  );
  close.addEventListener("click", () => dialog.close());
  // A press beside it closes it too.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  return dialog;
}
