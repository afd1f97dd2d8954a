/** The lines of a log group as they come, with a filter; older ones on request. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { debounced } from "../form.js";
import { logLine } from "./log-line.js";
import { complain } from "../notice.js";

/** Lines that stay on the page; more would make it slow. */
const MOST = 3000;

/** @param {{ group: string }} options */
export function logView({ group }) {
  const text = h("input", { type: "search", placeholder: "Filter lines", "aria-label": "Filter lines" });
  const list = h("ol", { class: "log" });
  const frame = h(
    "div",
    { class: "log-frame scroll", tabindex: "0", role: "log", "aria-label": `Log ${group}`, "aria-live": "off" },
    list,
  );
  const older = h("button", { type: "button", hidden: true }, "Older lines");
  const says = h("p", { class: "empty" }, "");
  const element = h("div", { class: "live" }, h("div", { class: "filters" }, text, older), frame, says);
  /** @type {Set<string>} */
  let seen = new Set();
  /** @type {number | undefined} */
  let first;
  /** @type {number | undefined} */
  let last;
  let asked = 0;
  // Whoever has scrolled up reads; everybody else sees the newest line.
  let isFollowing = true;
  frame.addEventListener("scroll", () => {
    isFollowing = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
  });
  const toEnd = () => {
    // Lines that come into sight may be higher than was reckoned with: once more after that.
    for (const wait of [0, 60]) window.setTimeout(() => frame.scrollTo(0, frame.scrollHeight), wait);
  };

  const nodes = (/** @type {any[]} */ lines) => {
    const fresh = lines.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    return fresh.map((line) => logLine(line, group));
  };
  const reset = () => {
    seen = new Set();
    first = last = undefined;
    list.replaceChildren();
  };

  const refresh = async () => {
    const own = ++asked;
    const answer = await get("/logs", { group, text: text.value, since: last });
    if (own !== asked) return;
    // More has come since than one answer holds: begin anew rather than leave a gap.
    if (last !== undefined && answer.hasMore) reset();
    if (last === undefined) older.hidden = !answer.hasMore;
    list.append(...nodes(answer.lines));
    while (list.childElementCount > MOST) list.firstElementChild?.remove();
    first ??= answer.lines[0]?.at;
    last = answer.lines.at(-1)?.at ?? last;
    frame.hidden = list.childElementCount === 0;
    says.textContent = frame.hidden
      ? text.value === ""
        ? "Nothing has been logged yet."
        : "No line has this text."
      : "";
    if (isFollowing && answer.lines.length > 0) toEnd();
  };

  older.addEventListener("click", async () => {
    try {
      // Lines of the same millisecond may be on both sides of the border.
      const answer = await get("/logs", { group, text: text.value, before: (first ?? 0) + 1 });
      const added = nodes(answer.lines);
      const height = frame.scrollHeight;
      list.prepend(...added);
      frame.scrollTop += frame.scrollHeight - height;
      first = added.length > 0 ? answer.lines[0].at : (first ?? 0) - 1;
      older.hidden = !answer.hasMore || list.childElementCount >= MOST;
    } catch (error) {
      complain(error);
    }
  });
  text.addEventListener(
    "input",
    debounced(() => {
      reset();
      void refresh().catch(complain);
    }),
  );
  return { element, refresh };
}
