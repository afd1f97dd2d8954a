/** The items of a table: the first ones, or those of a key. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { field, form } from "./form.js";
import { pages } from "./pages.js";
import { table } from "./table.js";
import { textBlock } from "./text.js";

/** Attributes that get a column of their own; the whole item can be opened. */
const COLUMNS = 6;
const LONGEST = 60;

/**
 * @param {string} name
 * @param {any} known
 */
export function itemSearch(name, known) {
  /** @type {Record<string, string | undefined>} */
  let search = {};
  let keys = known.keys;
  const list = pages(
    async (token) => {
      const answer = await get("/items", { name, ...search, token });
      keys = answer.keys;
      return { rows: answer.items, token: answer.token };
    },
    (rows) => itemTable(rows, keys),
  );
  return [query(known, (next) => ((search = next), list.restart())), list];
}

/**
 * @param {any} known
 * @param {(search: Record<string, string | undefined>) => Promise<void>} run
 */
function query(known, run) {
  const index = h(
    "select",
    {},
    h("option", { value: "" }, "the table"),
    known.indexes.map((/** @type {any} */ { name }) => h("option", { value: name }, name)),
  );
  const partition = h("input", { spellcheck: "false" });
  const sort = h("input", { spellcheck: "false" });
  const how = h(
    "select",
    { "aria-label": "How the sort key matches" },
    h("option", { value: "prefix" }, "begins with"),
    h("option", { value: "equal" }, "is"),
  );
  const partitionField = field("", partition);
  const sortField = field("", sort);
  const together = h("div", { class: "together" }, sortField, how);
  const label = () => {
    const chosen = known.indexes.find((/** @type {any} */ { name }) => name === index.value)?.keys ?? known.keys;
    partitionField.querySelector("label")?.replaceChildren(chosen.partition);
    sortField.querySelector("label")?.replaceChildren(chosen.sort ?? "");
    together.hidden = chosen.sort === undefined;
    const isText = known.types[chosen.sort ?? ""] !== "N";
    how.hidden = !isText;
    if (!isText) how.value = "equal";
  };
  index.addEventListener("change", label);
  label();
  const ask = form(
    "Show",
    () =>
      run({
        index: index.value || undefined,
        partition: partition.value || undefined,
        sort: sort.value || undefined,
        how: how.value,
      }),
    known.indexes.length > 0 && field("Look in", index),
    partitionField,
    together,
  );
  ask.classList.add("row");
  return ask;
}

/**
 * @param {any[]} items
 * @param {{ partition: string, sort?: string }} keys
 */
function itemTable(items, keys) {
  const names = new Set([keys.partition, ...(keys.sort === undefined ? [] : [keys.sort])]);
  for (const item of items.slice(0, 50)) for (const name of Object.keys(item)) names.add(name);
  const shown = [...names].slice(0, COLUMNS);
  return table(
    items,
    [
      ...shown.map((name) => ({
        label: name,
        class: "mono break",
        cell: (/** @type {any} */ item) => brief(item[name]),
      })),
      {
        label: names.size > shown.length ? `+ ${names.size - shown.length} more` : "Whole",
        cell: (item) =>
          h(
            "details",
            { "data-key": `item ${item[keys.partition]} ${item[keys.sort ?? ""]}` },
            h("summary", {}, "item"),
            textBlock(JSON.stringify(item)),
          ),
      },
    ],
    { empty: "No items.", caption: "Items" },
  );
}

/** @param {unknown} value */
function brief(value) {
  if (value === undefined) return h("span", { class: "muted" }, "–");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
