/** Tables that become cards on a narrow screen, and what stands around them. */
import { h } from "../core/dom.js";
import { to } from "../core/links.js";

/** @typedef {import("../core/dom.js").Child} Child */

/**
 * @template T
 * @typedef {{ label: string, cell: (row: T) => Child | Child[], class?: string }} Column
 */

/**
 * @template T
 * @param {readonly T[]} rows
 * @param {Column<T>[]} columns
 * @param {{ empty: string, caption?: string }} options
 */
export function table(rows, columns, { empty, caption }) {
  if (rows.length === 0) return h("p", { class: "empty" }, empty);
  return h(
    "table",
    { class: "cards" },
    caption && h("caption", { class: "unseen" }, caption),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map(({ label, class: name }) => h("th", { scope: "col", class: name }, label)),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) =>
        h(
          "tr",
          {},
          columns.map(({ label, cell, class: name }) =>
            h("td", { "data-label": label, class: name }, h("div", {}, cell(row))),
          ),
        ),
      ),
    ),
  );
}

/**
 * Names and values, below each other.
 * @param {[string, Child | Child[]][]} pairs those without a value are left out
 */
export const facts = (pairs) =>
  h(
    "dl",
    { class: "facts" },
    pairs.flatMap(([name, value]) =>
      value === undefined || value === null || value === ""
        ? []
        : [h("div", {}, h("dt", {}, name), h("dd", {}, value))],
    ),
  );

/**
 * @param {string} title
 * @param {...(Child | Child[])} content
 */
export const section = (title, ...content) => h("section", {}, h("h2", {}, title), content.flat());

/**
 * The heading of a view, with the way that leads to it.
 * @param {string} title
 * @param {{ trail?: [string, string][], says?: Child | Child[], actions?: Child[] }} [options]
 */
export const heading = (title, { trail = [], says, actions = [] } = {}) =>
  h(
    "div",
    { class: "heading" },
    trail.length > 0 &&
      h(
        "p",
        { class: "trail" },
        trail.flatMap(([label, href]) => [h("a", { href }, label), h("span", { "aria-hidden": "true" }, " / ")]),
      ),
    h("div", { class: "headline" }, h("h1", {}, title), actions.length > 0 && h("div", { class: "actions" }, actions)),
    says && h("p", { class: "says" }, says),
  );

/** @typedef {{ app: string, logicalId: string } | undefined} Owner */

/**
 * A thing by the name that its app gives it, with its physical name below.
 * @param {string} name
 * @param {Owner} owner
 * @param {string | undefined} href
 */
export const named = (name, owner, href) => {
  const shown = owner?.logicalId ?? name;
  return h(
    "span",
    { class: "named" },
    href ? h("a", { href, "data-key": `link ${href}` }, shown) : h("strong", {}, shown),
    owner && owner.logicalId !== name && h("span", { class: "physical" }, name),
  );
};

/**
 * As its app calls it, else its physical name.
 * @param {{ name: string, owner?: Owner }} thing
 */
export const shortName = ({ name, owner }) => owner?.logicalId ?? name;

/** @param {Owner} owner */
export const appLink = (owner) =>
  owner ? h("a", { href: to("apps", owner.app) }, owner.app) : h("span", { class: "muted" }, "–");
