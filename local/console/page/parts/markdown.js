/** Markdown as the READMEs of this repository use it: headings, paragraphs, lists, tables, code. All of it becomes elements, never markup. */
import { h } from "../core/dom.js";
import { textBlock } from "./text.js";

/** @param {string} text */
export function markdown(text) {
  const lines = text.split("\n");
  /** @type {Node[]} */
  const parts = [];
  while (lines.length > 0) {
    const line = lines[0] ?? "";
    if (line.trim() === "") lines.shift();
    else if (line.startsWith("```")) parts.push(code(lines));
    else if (/^#{1,6} /.test(line)) parts.push(title(lines.shift() ?? ""));
    else if (line.startsWith("|")) parts.push(grid(lines));
    else if (/^([-*]|\d+\.) /.test(line)) parts.push(list(lines));
    else
      parts.push(h("p", {}, inline(taken(lines, (each) => each.trim() !== "" && !STARTS_OTHER.test(each)).join(" "))));
  }
  return parts;
}

const STARTS_OTHER = /^(```|#{1,6} |\|)/;

/**
 * Takes lines as long as they belong together; at least one.
 * @param {string[]} lines
 * @param {(line: string) => boolean} belongs
 */
function taken(lines, belongs) {
  const found = [lines.shift() ?? ""];
  while (lines.length > 0 && belongs(lines[0] ?? "")) found.push(lines.shift() ?? "");
  return found;
}

/** @param {string[]} lines */
function code(lines) {
  const language = (lines.shift() ?? "").slice(3).trim();
  const end = lines.findIndex((line) => line.startsWith("```"));
  const text = lines.splice(0, end < 0 ? lines.length : end).join("\n");
  lines.shift();
  const block = textBlock(text, { raw: true, label: language || "Code" });
  return language === "mermaid" ? h("details", {}, h("summary", {}, "Diagram, as Mermaid text"), block) : block;
}

/** @param {string} line */
function title(line) {
  const [marks = "", ...words] = line.split(" ");
  const text = inline(words.join(" "));
  return marks.length <= 2 ? h("h2", {}, text) : h("h3", {}, text);
}

/** @param {string[]} lines */
function grid(lines) {
  const rows = taken(lines, (line) => line.startsWith("|")).map(cells);
  const [head = [], , ...body] = rows;
  return h(
    "div",
    { class: "scroll table-frame", tabindex: "0" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((cell) => h("th", { scope: "col" }, inline(cell))),
        ),
      ),
      h(
        "tbody",
        {},
        body.map((row) =>
          h(
            "tr",
            {},
            row.map((cell) => h("td", {}, inline(cell))),
          ),
        ),
      ),
    ),
  );
}

/** A bar within code or behind a backslash is none between cells. @param {string} line */
const cells = (line) =>
  [...line.trim().matchAll(/\|((?:`[^`]*`|\\\||[^|`])*)(?=\|)/g)].map(([, cell = ""]) =>
    cell.trim().replaceAll("\\|", "|"),
  );

/** @param {string[]} lines */
function list(lines) {
  const isNumbered = /^\d/.test(lines[0] ?? "");
  /** @type {string[]} */
  const items = [];
  while (/^([-*]|\d+\.) /.test(lines[0] ?? ""))
    items.push(
      taken(lines, (line) => /^\s+\S/.test(line))
        .map((line) => line.trim())
        .join(" ")
        .replace(/^([-*]|\d+\.) /, ""),
    );
  const children = items.map((item) => h("li", {}, inline(item)));
  return isNumbered ? h("ol", {}, children) : h("ul", {}, children);
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|<(https?:\/\/[^>\s]+)>|\*([^*\s][^*]*)\*/g;

/** @param {string} text @returns {import("../core/dom.js").Child[]} */
function inline(text) {
  /** @type {import("../core/dom.js").Child[]} */
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, label, href, address, emphasis] = match;
    parts.push(text.slice(done, match.index));
    if (code !== undefined) parts.push(h("code", {}, code));
    else if (strong !== undefined) parts.push(h("strong", {}, inline(strong)));
    else if (emphasis !== undefined) parts.push(h("em", {}, inline(emphasis)));
    else parts.push(link(label ?? address ?? "", href ?? address ?? ""));
    done = match.index + whole.length;
  }
  parts.push(text.slice(done));
  return parts;
}

/** Files of the repository are not served: their names are enough. @param {string} label @param {string} href */
const link = (label, href) =>
  /^https?:\/\//.test(href)
    ? h("a", { href, rel: "noreferrer noopener", target: "_blank" }, label)
    : h("span", { title: href }, inline(label));
