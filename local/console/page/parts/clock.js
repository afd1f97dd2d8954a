/** The cloud's time, and fast-forward. */
import { post } from "../core/api.js";
import { h } from "../core/dom.js";
import { cloudNow, dayOf, duration, setCloudTime } from "../core/format.js";
import { field, form } from "./form.js";
import { complain, say } from "./notice.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** @type {[string, number][]} */
const STEPS = [
  ["+1 min", MINUTE],
  ["+5 min", 5 * MINUTE],
  ["+1 h", HOUR],
  ["+1 d", DAY],
  ["+7 d", 7 * DAY],
];

/** @typedef {{ now: number, isVirtual: boolean, target?: number, next?: number }} Changes */

/** @param {number} at */
const clockOf = (at) => new Date(at).toISOString().slice(11, 19);

/** @param {HTMLElement} place */
export function clock(place) {
  const now = h("span", { class: "now" }, "–");
  const progress = h("p", { class: "progress", role: "status" });
  const amount = h("input", {
    type: "number",
    min: "0",
    step: "any",
    value: "10",
    required: true,
    inputmode: "decimal",
  });
  const unit = h(
    "select",
    { "aria-label": "Unit" },
    [
      ["seconds", 1000],
      ["minutes", MINUTE],
      ["hours", HOUR],
      ["days", DAY],
    ].map(([word, value]) => h("option", { value, selected: word === "minutes" }, word)),
  );
  const nextButton = h("button", { type: "button", onclick: () => void toNext().catch(complain) }, "To the next timer");
  const nextSays = h("span", { class: "hint" });
  const buttons = [
    ...STEPS.map(([label, milliseconds]) =>
      h("button", { type: "button", onclick: () => void forward(milliseconds).catch(complain) }, label),
    ),
    nextButton,
  ];
  const details = h(
    "details",
    { class: "clock" },
    h(
      "summary",
      { title: "The cloud's time, UTC. Press to fast-forward." },
      now,
      h("span", { class: "sign", "aria-hidden": "true" }, "»"),
    ),
    h(
      "div",
      { class: "popover panel" },
      h("h2", {}, "Fast-forward"),
      h(
        "p",
        { class: "hint" },
        "Time moves on; what falls due on the way – waits, schedules, retries, expiry – happens in order.",
      ),
      h("div", { class: "actions" }, buttons, nextSays),
      form(
        "Forward",
        () => forward(Number(amount.value) * Number(unit.value)),
        h("div", { class: "together" }, field("By", amount), unit),
      ),
      progress,
    ),
  );
  place.replaceChildren(details);

  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !details.contains(event.target)) details.open = false;
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    details.open = false;
    details.querySelector("summary")?.focus();
  });
  window.setInterval(tick, 250);

  /** @type {number | undefined} */
  let target;
  /** @type {number | undefined} */
  let next;
  let isLost = false;

  function tick() {
    const at = cloudNow();
    now.textContent = isLost ? "not answering" : `${dayOf(at)} ${clockOf(at)}`;
    nextButton.disabled = next === undefined || target !== undefined;
    nextSays.textContent =
      next === undefined ? "Nothing is going to fall due." : `Due in ${duration(Math.max(0, next - at))}.`;
    progress.textContent = target === undefined ? "" : `Forwarding, ${duration(target - at)} to go …`;
  }

  /** @param {number} milliseconds */
  async function forward(milliseconds) {
    target = cloudNow() + milliseconds;
    await moving(() => post("/clock/advance", { milliseconds }));
  }

  async function toNext() {
    target = next;
    await moving(() => post("/clock/next", {}));
  }

  /** @param {() => Promise<Changes>} move */
  async function moving(move) {
    const before = cloudNow();
    for (const each of buttons) each.disabled = true;
    try {
      const answer = await move();
      setCloudTime(answer.now, !answer.isVirtual);
      next = answer.next;
      say(`${duration(answer.now - before)} later: ${dayOf(answer.now)} ${clockOf(answer.now)}`);
    } finally {
      target = undefined;
      for (const each of buttons) each.disabled = false;
      tick();
    }
  }

  return {
    /** @param {Changes} changes */
    show(changes) {
      isLost = false;
      target = changes.target;
      next = changes.next;
      details.classList.toggle("forwarding", target !== undefined);
      tick();
    },
    lose() {
      isLost = true;
      tick();
    },
    open() {
      details.open = true;
      buttons[0]?.focus();
    },
  };
}
