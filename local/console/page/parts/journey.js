/** The steps of one event's way: when, what, to whom, and what was done on the way. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { duration, plural, time } from "../core/format.js";
import { to } from "../core/links.js";
import { badge } from "./badge.js";
import { logLine } from "./log/log-line.js";
import { complain } from "./notice.js";
import { textBlock } from "./text.js";

/** Steps that are deeper are not moved further in. */
const DEEPEST = 6;

/** @type {Record<string, string>} sign by kind of target */
const SIGNS = {
  object: "▤",
  queue: "≡",
  topic: "◎",
  bus: "◇",
  function: "λ",
  machine: "⇶",
  execution: "⇶",
  mail: "✉",
};

/** @type {Record<string, string>} */
const VERBS = {
  PutObject: "stored",
  CopyObject: "copied",
  CompleteMultipartUpload: "stored",
  DeleteObject: "deleted",
  SendMessage: "sent",
  SendMessageBatch: "sent",
  Publish: "published",
  PublishBatch: "published",
  PutEvents: "event",
  StartExecution: "started",
  StartSyncExecution: "started",
  Invoke: "invoked",
};

/** In a list: what it was, or how what was handed on begins. @param {any} step */
export const stepTitle = ({ operation, target, says, service, beginning }) =>
  says || beginning || (target.kind === "mail" ? "mail" : (VERBS[operation] ?? `${service}:${operation}`));

/**
 * Where it went, by the name that its app gives it.
 * @param {any} step
 */
export function targetLink({ target, owner }) {
  const { kind, name, key } = target;
  const shown = owner?.logicalId ?? (kind === "machine" || kind === "execution" ? lastOf(name) : name);
  const href = hrefOf(kind, name, key);
  return href ? h("a", { href, "data-key": `to ${href}` }, shown) : shown;
}

/**
 * @param {string} kind
 * @param {string} name
 * @param {string | undefined} key
 */
function hrefOf(kind, name, key) {
  switch (kind) {
    case "object":
      return key ? to("object", name, key) : to("buckets", name);
    case "queue":
      return to("queues", name);
    case "function":
      return to("functions", name);
    case "machine":
      return to("machines", name);
    case "execution":
      return to("execution", name);
    case "table":
      return to("tables", name);
    case "mail":
      return name === "" ? to("mails") : to("mails", name);
    case "topic":
    case "bus":
      return to("events");
    default:
      return undefined;
  }
}

/** @param {{ steps: any[], isCut: boolean }} data */
export function journey({ steps, isCut }) {
  if (steps.length === 0)
    return h("p", { class: "empty" }, "Nothing that the cloud remembers was handed on under this id.");
  const [first] = steps;
  const end = Math.max(...steps.map(({ at, tookMs }) => at + (tookMs ?? 0)));
  return h(
    "section",
    {},
    h("h2", {}, "Its way"),
    h(
      "p",
      { class: "muted" },
      `${plural(steps.length, "step")} in ${duration(end - first.at)}, from `,
      time(first.at, { milliseconds: true }),
      isCut ? "; later ones are left out" : "",
    ),
    h(
      "ol",
      { class: "journey panel" },
      steps.map((step) => stepItem(step, first.at)),
    ),
  );
}

/**
 * @param {any} step
 * @param {number} start
 */
function stepItem(step, start) {
  const { target, at, tookMs, error, status, details, depth } = step;
  const body = h("div", { class: "more" });
  const outcome = status ?? (error ? "failed" : undefined);
  const item = h(
    "li",
    { class: `step-item ${error || status === "FAILED" ? "is-bad" : ""}` },
    h("span", { class: "offset", title: new Date(at).toISOString() }, `+${duration(at - start)}`),
    h("span", { class: "kind", "aria-hidden": "true" }, SIGNS[target.kind] ?? "·"),
    h(
      "div",
      { class: "what" },
      h(
        "p",
        { class: "title" },
        h("strong", {}, targetLink(step)),
        " ",
        h("span", { class: "muted" }, whatHappened(step)),
        outcome && " ",
        outcome && badge(outcome, error && error !== "failed" ? error : undefined),
        tookMs === undefined || tookMs < 1 ? "" : h("span", { class: "muted took" }, ` ${duration(tookMs)}`),
      ),
      details.length > 0 && h("p", { class: "did" }, details.map(detail)),
      h(
        "details",
        {
          "data-key": `details ${step.order}`,
          ontoggle: () => void (body.childElementCount === 0 && fill(body, step)),
        },
        h("summary", {}, step.logGroup ? "input and log" : "more"),
        body,
      ),
    ),
  );
  item.style.setProperty("--depth", String(Math.min(depth, DEEPEST)));
  return item;
}

/** @param {any} step */
function whatHappened({ kind, operation, says, by, via, depth, target }) {
  const who = via ? ` by ${via}` : depth === 0 || kind === "run" ? (by === "lambda" ? "" : ` by ${by}`) : "";
  if (kind === "run") return `ran${says ? `: ${says}` : ""}${depth === 0 ? who : via ? ` for ${via}` : ""}`;
  const verb = target.kind === "mail" ? "sent" : (VERBS[operation] ?? operation);
  return `${verb}${says ? `: ${says}` : ""}${who}`;
}

/** @param {any} each */
const detail = ({ service, operation, target, owner, error, count }) =>
  h(
    "span",
    { class: `chip ${error ? "bad" : ""}` },
    h("span", { class: "muted" }, `${service}:`),
    operation,
    target.name ? [" ", targetLink({ target, owner })] : "",
    count > 1 ? ` ×${count}` : "",
    error ? ` ✕ ${error}` : "",
  );

/**
 * @param {HTMLElement} body
 * @param {any} step
 */
function fill(body, step) {
  /** @param {string} id */
  const followed = (id) => h("a", { href: to("follow", id) }, `follow ${id.length > 44 ? lastOf(id) : id}`);
  const links = [
    ...step.ids.map(followed),
    ...(step.trace ? [h("a", { href: to("traces", step.trace) }, "trace")] : []),
  ];
  body.append(
    h(
      "p",
      { class: "ids" },
      h("span", { class: "muted" }, "request "),
      h("code", {}, step.id),
      links.flatMap((link) => [" · ", link]),
    ),
    ...(step.content ? [textBlock(step.content, { label: "What was handed on", key: `content ${step.order}` })] : []),
  );
  if (step.logGroup) void showLog(body, step).catch(complain);
}

/**
 * @param {HTMLElement} body
 * @param {any} step
 */
async function showLog(body, { id, logGroup }) {
  const { lines } = await get("/follow", { text: id, group: logGroup });
  body.append(
    h("p", {}, h("a", { href: to("logs", logGroup) }, "Log"), h("span", { class: "muted" }, " of this run")),
    lines.length === 0
      ? h("p", { class: "muted" }, "It has logged nothing.")
      : h(
          "ol",
          { class: "log followed" },
          lines.map((/** @type {any} */ line) => logLine(line, logGroup)),
        ),
  );
}

/** @param {string} id */
const lastOf = (id) => id.slice(id.lastIndexOf(":") + 1);
