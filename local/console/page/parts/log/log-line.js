/** One line of a log. JSON lines show their message; the rest opens below. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { complain } from "../notice.js";
import { textBlock } from "../text.js";

/** Members by which an event is followed from function to function. */
const IDS = ["correlation_id", "xray_trace_id", "function_request_id", "requestId", "execution_arn"];

/** @typedef {{ id: string, at: number, stream: string, text: string, cut: number, group?: string }} Line */

/**
 * @param {Line} line
 * @param {string} group
 * @param {import("../../core/dom.js").Child} [where] shown before the text, when lines of several groups are mixed
 */
export function logLine(line, group, where) {
  const json = objectOf(line.text);
  const level = String(json?.["level"] ?? json?.["logLevel"] ?? levelOf(line.text)).toUpperCase();
  const message = json ? messageOf(json) : line.text;
  const summary = [
    time(line.at, { milliseconds: true }),
    h("span", { class: `level ${level.toLowerCase()}` }, level),
    h("span", { class: "message" }, where && h("span", { class: "where" }, where), clipped(message)),
  ];
  const more = json !== undefined || message.length > CLIP || line.cut > 0;
  if (!more) return h("li", { class: "line plain" }, summary);
  const body = h("div", { class: "more" });
  return h(
    "li",
    { class: "line" },
    h(
      "details",
      {
        ontoggle: () => {
          if (body.childElementCount === 0) body.append(...detailsOf(line, group, json, body));
        },
      },
      h("summary", {}, summary),
      body,
    ),
  );
}

const CLIP = 600;
/** @param {string} text */
const clipped = (text) => (text.length > CLIP ? `${text.slice(0, CLIP)} …` : text);

/**
 * @param {Line} line
 * @param {string} group
 * @param {Record<string, unknown> | undefined} json
 * @param {HTMLElement} body
 */
function detailsOf(line, group, json, body) {
  const ids = IDS.flatMap((name) => {
    const value = json?.[name];
    return typeof value === "string" && value !== ""
      ? [h("a", { href: to("follow", value) }, `follow ${name.replaceAll("_", " ")}`)]
      : [];
  });
  const all = async () => {
    try {
      const { text } = await get("/line", { group, at: line.at, id: line.id });
      body.replaceChildren(textBlock(text));
    } catch (error) {
      complain(error);
    }
  };
  return [
    h(
      "p",
      { class: "ids" },
      h("span", { class: "muted" }, line.stream),
      ids.flatMap((link) => [" · ", link]),
    ),
    textBlock(line.text),
    line.cut > 0 &&
      h("button", { type: "button", onclick: all }, `All of it (${line.cut.toLocaleString("en")} characters more)`),
  ].filter((part) => part !== false);
}

/** @param {string} text */
function objectOf(text) {
  if (!text.startsWith("{")) return undefined;
  try {
    return /** @type {Record<string, unknown>} */ (JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @param {Record<string, unknown>} json */
function messageOf(json) {
  const { message, errorMessage, record, type, msg } = json;
  const said =
    message ??
    errorMessage ??
    msg ??
    (typeof type === "string" ? `${type} ${JSON.stringify(record ?? {})}` : undefined);
  const error = json["error"];
  const reason = typeof error === "object" && error !== null && "message" in error ? ` – ${String(error.message)}` : "";
  if (said === undefined) return "_aws" in json ? `metrics ${metricNames(json)}` : JSON.stringify(json);
  return `${typeof said === "string" ? said : JSON.stringify(said)}${reason}`;
}

/** An embedded metric line is told by its metrics. @param {Record<string, unknown>} json */
const metricNames = (json) =>
  Object.entries(json)
    .filter(([name, value]) => name !== "_aws" && (typeof value === "number" || Array.isArray(value)))
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(",") : String(value)}`)
    .join(" ");

/** @param {string} text */
function levelOf(text) {
  if (/^(START|END|REPORT|INIT_START|XRAY) /.test(text)) return "platform";
  return /\t(TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t/.exec(text)?.[1] ?? "";
}
