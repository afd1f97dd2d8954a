/** DynamoDB tables, and the items of one. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { bytes } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { itemSearch } from "../../parts/items.js";
import { appLink, facts, heading, named, table } from "../../parts/table.js";

/** @typedef {{ partition: string, sort?: string }} Keys */

export const tables = () =>
  viewOf("Tables", [
    heading("Tables"),
    live(
      () => get("/tables"),
      (data) =>
        table(
          data.tables,
          [
            { label: "Table", cell: (/** @type {any} */ { name, owner }) => named(name, owner, to("tables", name)) },
            { label: "App", cell: ({ owner }) => appLink(owner) },
            { label: "Keys", cell: ({ keys }) => keyNames(keys) },
            { label: "Items", class: "num", cell: ({ count }) => count.toLocaleString("en") },
            { label: "Size", class: "num", cell: ({ bytes: size }) => bytes(size) },
          ],
          { empty: "There are no tables.", caption: "Tables" },
        ),
    ),
  ]);

/** @param {Keys} keys */
const keyNames = ({ partition, sort }) => h("code", {}, sort === undefined ? partition : `${partition}, ${sort}`);

/** @param {string} name */
export async function tableView(name) {
  const known = await get("/table", { name });
  const title = known.owner?.logicalId ?? name;
  return viewOf(title, [
    heading(title, {
      trail: [
        ["Tables", to("tables")],
        ...(known.owner ? [/** @type {[string, string]} */ ([known.owner.app, to("apps", known.owner.app)])] : []),
      ],
      says: h("code", {}, name),
    }),
    live(() => get("/table", { name }), about),
    h("h2", {}, "Items"),
    ...itemSearch(name, known),
  ]);
}

/** @param {any} data */
const about = (data) =>
  facts([
    ["Keys", keyNames(data.keys)],
    ["Items", data.count.toLocaleString("en")],
    ["Size", bytes(data.bytes)],
    ["Expiry by", data.ttlAttribute && h("code", {}, data.ttlAttribute)],
    ["Stream", data.streamView?.toLowerCase().replaceAll("_", " ")],
    ...data.indexes.map(
      (/** @type {any} */ index) => /** @type {[string, Node]} */ ([`Index ${index.name}`, keyNames(index.keys)]),
    ),
  ]);
