/** Forms: fields with labels, and buttons that say when they are at work. */
import { h } from "../core/dom.js";
import { complain } from "./notice.js";

let fields = 0;

/**
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} control
 * @param {string} [hint]
 */
export function field(label, control, hint) {
  control.id ||= `field-${++fields}`;
  if (hint) control.setAttribute("aria-describedby", `${control.id}-hint`);
  return h(
    "div",
    { class: "field" },
    h("label", { for: control.id }, label),
    control,
    hint && h("p", { class: "hint", id: `${control.id}-hint` }, hint),
  );
}

/**
 * A button that cannot be pressed twice while it works; what goes wrong is shown.
 * @param {string} label
 * @param {() => unknown} action
 * @param {{ class?: string, confirm?: string, key?: string }} [options] `confirm`: asked before
 */
export function button(label, action, { class: name = "", confirm: question, key = `button ${label}` } = {}) {
  const element = h("button", { type: "button", class: name, "data-key": key }, label);
  element.addEventListener("click", async () => {
    if (question !== undefined && !window.confirm(question)) return;
    await busy(element, action);
  });
  return element;
}

/**
 * @param {HTMLButtonElement} element
 * @param {() => unknown} action
 */
async function busy(element, action) {
  element.setAttribute("aria-busy", "true");
  element.disabled = true;
  try {
    await action();
  } catch (error) {
    complain(error);
  } finally {
    element.removeAttribute("aria-busy");
    element.disabled = false;
  }
}

/**
 * A form that stays on the page. Enter in a field sends it.
 * @param {string} label of the button
 * @param {() => unknown} action
 * @param {...import("../core/dom.js").Children} content
 */
export function form(label, action, ...content) {
  const submit = h("button", { type: "submit", class: "primary" }, label);
  return h(
    "form",
    {
      /** @param {Event} event */
      onsubmit: (event) => {
        event.preventDefault();
        void busy(submit, action);
      },
    },
    content.flat(),
    h("div", { class: "actions" }, submit),
  );
}

/**
 * One of several choices as a row of buttons.
 * @param {string} label
 * @param {[string, string][]} choices value and word
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function choice(label, choices, chosen, choose) {
  const buttons = choices.map(([value, word]) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(value === chosen),
        onclick: () => {
          for (const [i, [other]] of choices.entries())
            buttons[i]?.setAttribute("aria-pressed", String(other === value));
          choose(value);
        },
      },
      word,
    ),
  );
  return h("div", { class: "choice", role: "group", "aria-label": label }, buttons);
}

/**
 * Calls an action a moment after the last key was pressed.
 * @param {() => void} action
 */
export function debounced(action) {
  /** @type {number | undefined} */
  let timer;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(action, 250);
  };
}
