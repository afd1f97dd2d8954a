/** What went into a state and came out of it, each time that an execution was there. */
import { address, get } from "../core/api.js";
import { h } from "../core/dom.js";
import { duration, plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { badge } from "./badge.js";
import { button } from "./form.js";
import { facts } from "./table.js";
import { dataBlock, textBlock } from "./text.js";

/**
 * @param {string} arn of the execution
 * @param {{ chosen: string, visits: any[], total: number }} data newest first
 * @param {() => void} close
 */
export function visits(arn, { chosen, visits: list, total }, close) {
  const rest = h("div", {});
  const more = async () => {
    const answer = await get("/execution/visits", { arn, state: chosen, skip: list.length + rest.childElementCount });
    rest.append(...answer.visits.map((/** @type {any} */ visit) => folded(arn, visit)));
    if (list.length + rest.childElementCount >= total) moreButton.remove();
  };
  const moreButton = button("More visits", more);
  const [latest, ...earlier] = list;
  return [
    h(
      "div",
      { class: "headline" },
      h("h2", {}, chosen),
      h("div", { class: "actions" }, button("Whole execution", close)),
    ),
    latest ? visitBody(arn, latest, "latest") : h("p", { class: "empty" }, "The execution has not been in this state."),
    earlier.length > 0 && h("h3", {}, `${plural(total - 1, "earlier visit")}`),
    ...earlier.map((visit) => folded(arn, visit)),
    rest,
    total > list.length && moreButton,
  ].filter((part) => part !== false);
}

/**
 * @param {string} arn
 * @param {any} visit
 */
const folded = (arn, visit) =>
  h(
    "details",
    { class: "visit", "data-key": `visit ${visit.id}` },
    h(
      "summary",
      {},
      badge(visit.outcome),
      " ",
      time(visit.enteredAt, { milliseconds: true }),
      visit.iteration === undefined ? "" : ` · item ${visit.iteration}`,
    ),
    visitBody(arn, visit, String(visit.id)),
  );

/**
 * @param {string} arn
 * @param {any} visit
 * @param {string} key
 */
function visitBody(arn, visit, key) {
  /** @param {"input" | "output"} part */
  const data = (part) =>
    dataBlock(visit[part], address("/execution/data", { arn, visit: visit.id, part }), {
      key: `${part} ${key}`,
      label: part,
    });
  return h(
    "div",
    { class: "visit-body" },
    facts([
      ["Outcome", badge(visit.outcome)],
      ["Entered", time(visit.enteredAt, { milliseconds: true })],
      ["Took", visit.exitedAt === undefined ? undefined : duration(visit.exitedAt - visit.enteredAt)],
      ["Item", visit.iteration],
      ["Retries", visit.retries > 0 ? visit.retries : undefined],
      ["Items", visit.items && itemsOf(visit.items)],
      ["Started", visit.started.length > 0 ? listed(visit.started.map(executionLink)) : undefined],
    ]),
    visit.attempts.length > 1 && [h("h3", {}, plural(visit.attempts.length, "attempt")), attemptList(visit.attempts)],
    visit.attempts.length < 2 && visit.errors.length > 0 && h("h3", {}, visit.errors.length === 1 ? "Error" : "Errors"),
    (visit.attempts.length < 2 ? visit.errors : []).map((/** @type {any} */ error, /** @type {number} */ i) =>
      h(
        "div",
        { class: "error" },
        h("p", {}, time(error.at, { milliseconds: true }), " ", h("strong", { class: "bad" }, error.error)),
        error.cause && textBlock(error.cause, { key: `cause ${key} ${i}`, label: "Cause" }),
      ),
    ),
    h("h3", {}, "Input"),
    data("input"),
    h("h3", {}, "Output"),
    data("output"),
  );
}

/** @param {any[]} attempts */
const attemptList = (attempts) =>
  h(
    "ol",
    { class: "attempts" },
    attempts.map(({ number, at, endedAt, waitedMs, error, cause }) =>
      h(
        "li",
        { value: number },
        waitedMs !== undefined && h("p", { class: "muted" }, `after a wait of ${duration(waitedMs)}`),
        h(
          "p",
          {},
          time(at, { milliseconds: true }),
          endedAt === undefined ? " under way" : ` ${duration(endedAt - at)} `,
          error ? h("strong", { class: "bad" }, error) : endedAt !== undefined && badge("succeeded"),
        ),
        cause && textBlock(cause, { label: `Cause of attempt ${number}`, key: `cause of ${at} ${number}` }),
      ),
    ),
  );

/** @param {{ total: number, begun: number, succeeded: number, failed: number }} items */
const itemsOf = ({ total, begun, succeeded, failed }) =>
  [
    `${succeeded.toLocaleString("en")} of ${total.toLocaleString("en")} succeeded`,
    ...(failed > 0 ? [`${failed.toLocaleString("en")} failed`] : []),
    ...(begun > succeeded + failed ? [`${(begun - succeeded - failed).toLocaleString("en")} under way`] : []),
  ].join(", ");

/** An execution that was started, or a map run with its executions. @param {string} arn */
export const executionLink = (arn) =>
  h(
    "a",
    { href: to(arn.includes(":mapRun:") ? "maprun" : "execution", arn), "data-key": `to ${arn}` },
    (arn.split(/[:/]/).at(-1) ?? arn).slice(0, 40),
  );

/** @param {Node[]} parts */
export const listed = (parts) =>
  h(
    "span",
    {},
    parts.flatMap((part, i) => [i > 0 ? ", " : "", part]),
  );
