/** The list of views. */
import { h } from "../core/dom.js";

/** Address, label, and the addresses that belong to it too. @type {[string, string, string[]][]} */
const VIEWS = [
  ["", "Overview", ["apps"]],
  ["functions", "Functions", []],
  ["machines", "State machines", ["execution", "maprun"]],
  ["buckets", "Buckets", ["object"]],
  ["queues", "Queues", []],
  ["tables", "Tables", []],
  ["events", "Events and topics", []],
  ["mails", "Mails and SMS", []],
  ["alarms", "Alarms", []],
  ["logs", "Logs", []],
  ["follow", "Follow an event", []],
  ["traces", "Traces", []],
  ["calls", "Calls", []],
];

/**
 * @param {HTMLElement} nav
 * @param {HTMLElement} menu the button that shows it on narrow screens
 */
export function navigation(nav, menu) {
  const links = VIEWS.map(([view, label]) => h("a", { href: `#/${view}` }, label));
  nav.replaceChildren(
    h(
      "ul",
      {},
      links.map((link) => h("li", {}, link)),
    ),
  );
  /** @param {boolean} isOpen */
  const open = (isOpen) => {
    menu.setAttribute("aria-expanded", String(isOpen));
    nav.classList.toggle("open", isOpen);
  };
  menu.addEventListener("click", () => open(menu.getAttribute("aria-expanded") !== "true"));
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    menu.focus();
  });
  return {
    /** @param {string} address */
    mark(address) {
      const [name = ""] = address.replace(/^#?\/?/, "").split("/");
      for (const [i, [view, , others]] of VIEWS.entries()) {
        if (view === name || others.includes(name)) links[i]?.setAttribute("aria-current", "page");
        else links[i]?.removeAttribute("aria-current");
      }
      open(false);
    },
  };
}
