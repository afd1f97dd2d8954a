/** What is deployed and what goes on. */
import { get, post } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural } from "../core/format.js";
import { KIND_ORDER, kindOf, to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { badge } from "../parts/badge.js";
import { callTable } from "../parts/calls.js";
import { button } from "../parts/form.js";
import { output, withoutName } from "../parts/app-words.js";
import { heading, section } from "../parts/table.js";
import { textBlock } from "../parts/text.js";

export const overview = () => viewOf("Overview", [live(() => get("/overview"), render)]);

/** @param {any} data */
function render(data) {
  return [
    heading("Overview", {
      says: [h("code", {}, data.endpoint), ` · account ${data.account} · region ${data.region}`],
    }),
    section(
      "Apps",
      data.apps.length === 0
        ? h(
            "p",
            { class: "empty" },
            "Nothing is deployed. Start the cloud with an app, or deploy one with npm run sam -- <app> deploy --local.",
          )
        : h("div", { class: "tiles" }, data.apps.map(tile)),
    ),
    data.failures.length > 0 && section("Failed calls", callTable(data.failures)),
    section("Recent calls", callTable(data.calls), h("p", {}, h("a", { href: to("calls") }, "All calls"))),
    data.faults.length > 0 && section("Failures on purpose", faults(data.faults)),
    data.missing.length > 0 &&
      section(
        "Asked for and not implemented",
        h(
          "ul",
          { class: "names" },
          data.missing.map((/** @type {string} */ name) => h("li", {}, h("code", {}, name))),
        ),
      ),
  ].filter((part) => part !== false);
}

/** @param {any} app */
function tile(app) {
  const { [""]: _, ...counts } = countsByWord(app.types);
  const outputs = Object.entries(app.outputs);
  return h(
    "article",
    { class: "panel tile" },
    h("h3", {}, h("a", { href: to("apps", app.name), "data-key": `app ${app.name}` }, app.name), badge(app.status)),
    app.statusReason && h("p", { class: "bad" }, app.statusReason),
    app.description && h("p", { class: "says" }, withoutName(app.description, app.name)),
    h("p", { class: "muted" }, Object.values(counts).join(" · ")),
    app.warnings.length > 0 &&
      h(
        "details",
        { "data-key": `warnings ${app.name}` },
        h("summary", {}, plural(app.warnings.length, "warning")),
        h(
          "ul",
          {},
          app.warnings.map((/** @type {string} */ warning) => h("li", {}, warning)),
        ),
      ),
    outputs.length > 0 &&
      h(
        "details",
        { "data-key": `outputs ${app.name}` },
        h("summary", {}, plural(outputs.length, "output")),
        h(
          "dl",
          { class: "outputs" },
          outputs.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, output(value))]),
        ),
      ),
  );
}

/**
 * `3 functions`, by kind.
 * @param {Record<string, number>} types
 */
function countsByWord(types) {
  /** @type {Record<string, string>} */
  const words = {};
  for (const type of KIND_ORDER) {
    const kind = kindOf(type);
    const count = types[type] ?? 0;
    if (kind && count > 0) words[kind.one] = plural(count, kind.one, kind.many);
  }
  return words;
}

/** @param {any[]} list */
const faults = (list) =>
  h(
    "div",
    {},
    list.map((fault) => textBlock(JSON.stringify(fault))),
    h(
      "div",
      { class: "actions" },
      button("Remove all", () => post("/faults/clear", {})),
    ),
  );
