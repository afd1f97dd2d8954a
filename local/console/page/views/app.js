/** One app: its resources, outputs, parameters, warnings and how it was deployed. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural, time } from "../core/format.js";
import { KIND_ORDER, kindOf, resourceLink } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { output, withoutName } from "../parts/app-words.js";
import { badge } from "../parts/badge.js";
import { heading, section, table } from "../parts/table.js";

/** @param {string} name */
export const app = (name) => viewOf(name, [live(() => get("/app", { name }), render)]);

/** @param {any} data */
function render(data) {
  const groups = [
    ...Map.groupBy(data.resources, (/** @type {any} */ { type }) => kindOf(type)?.many ?? "other resources"),
  ];
  const place = (/** @type {any[]} */ resources) => {
    const at = KIND_ORDER.indexOf(resources[0].type);
    return at < 0 ? KIND_ORDER.length : at;
  };
  const hrefs = new Map(
    data.resources.map((/** @type {any} */ { type, physicalId }) => [physicalId, resourceLink(type, physicalId)]),
  );
  const linkOf = (/** @type {string} */ physicalId) => /** @type {string | undefined} */ (hrefs.get(physicalId));
  groups.sort(([, a], [, b]) => place(a) - place(b));
  return [
    heading(data.name, {
      trail: [["Overview", "#/"]],
      says: [badge(data.status), " ", withoutName(data.description, data.name), " · changed ", time(data.changedAt)],
    }),
    data.statusReason && h("p", { class: "panel problem" }, data.statusReason),
    data.warnings.length > 0 &&
      section(
        "Warnings",
        h(
          "ul",
          { class: "panel list" },
          data.warnings.map((/** @type {string} */ text) => h("li", {}, text)),
        ),
      ),
    data.outputs.length > 0 &&
      section(
        "Outputs",
        table(
          data.outputs,
          [
            { label: "Name", cell: ({ key }) => h("strong", {}, key) },
            { label: "Value", class: "mono break", cell: ({ value }) => output(value, linkOf) },
            ...(data.outputs.some((/** @type {any} */ { description }) => description)
              ? [{ label: "What it is", cell: (/** @type {any} */ { description }) => description ?? "" }]
              : []),
          ],
          { empty: "" },
        ),
      ),
    ...groups.map(([many, resources]) =>
      many === "other resources"
        ? h(
            "details",
            { class: "section", "data-key": "other" },
            h("summary", {}, h("h2", {}, plural(resources.length, "other resource"))),
            resourceTable(resources, true),
          )
        : section(many[0]?.toUpperCase() + many.slice(1), resourceTable(resources, false)),
    ),
    Object.keys(data.parameters).length > 0 &&
      h(
        "details",
        { class: "section", "data-key": "parameters" },
        h("summary", {}, h("h2", {}, plural(Object.keys(data.parameters).length, "parameter"))),
        table(
          Object.entries(data.parameters),
          [
            { label: "Name", cell: ([key]) => key },
            {
              label: "Value",
              class: "mono break",
              cell: ([, value]) => (value === "" ? h("span", { class: "muted" }, "empty") : value),
            },
          ],
          { empty: "" },
        ),
      ),
    h(
      "details",
      { class: "section", "data-key": "events" },
      h("summary", {}, h("h2", {}, "Deployment events")),
      table(
        data.events,
        [
          { label: "Time", class: "time", cell: ({ at }) => time(at) },
          { label: "Resource", cell: ({ logicalId }) => logicalId },
          { label: "Type", class: "muted", cell: ({ type }) => type.replace("AWS::", "") },
          { label: "Status", cell: ({ status }) => badge(status) },
          { label: "Reason", cell: ({ reason }) => reason ?? "" },
        ],
        { empty: "None." },
      ),
    ),
  ].filter((part) => part !== false && part !== undefined && part !== "");
}

/**
 * @param {any[]} resources
 * @param {boolean} withType
 */
const resourceTable = (resources, withType) =>
  table(
    resources,
    [
      {
        label: "Name",
        cell: ({ logicalId, type, physicalId, isPlaceholder }) => {
          const href = isPlaceholder ? undefined : resourceLink(type, physicalId);
          return href ? h("a", { href, "data-key": logicalId }, logicalId) : h("strong", {}, logicalId);
        },
      },
      ...(withType ? [{ label: "Type", cell: (/** @type {any} */ { type }) => type.replace("AWS::", "") }] : []),
      { label: "Physical name", class: "mono break muted", cell: ({ physicalId }) => physicalId },
      {
        label: "Status",
        cell: ({ status, statusReason, isPlaceholder }) =>
          isPlaceholder
            ? h("span", { class: "muted" }, "not made: the type is not known here")
            : [badge(status), statusReason && ` ${statusReason}`],
      },
    ],
    { empty: "None." },
  );
