/** The start page of an app: what it is, its resources and how they are, its outputs, and how it was deployed. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { plural, time } from "../core/format.js";
import { KIND_ORDER, kindOf, resourceLink, to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { readStates, stateOf } from "../parts/app-states.js";
import { output, withoutName } from "../parts/app-words.js";
import { badge } from "../parts/badge.js";
import { heading, section, table } from "../parts/table.js";

const OTHER = "other resources";

/** @param {string} name */
export const app = (name) =>
  viewOf(name, [live(async () => ({ ...(await get("/app", { name })), states: await readStates(name) }), render)]);

/** @param {any} data */
function render(data) {
  const groups = [
    ...Map.groupBy(data.resources, (/** @type {any} */ { type }) =>
      type === "AWS::Logs::LogGroup" ? OTHER : (kindOf(type)?.many ?? OTHER),
    ),
  ];
  const place = (/** @type {string} */ many, /** @type {any[]} */ resources) => {
    if (many === OTHER) return KIND_ORDER.length;
    const at = KIND_ORDER.indexOf(resources[0].type);
    return at < 0 ? KIND_ORDER.length : at;
  };
  const hrefs = new Map(
    data.resources.map((/** @type {any} */ { type, physicalId }) => [physicalId, resourceLink(type, physicalId)]),
  );
  const linkOf = (/** @type {string} */ physicalId) => /** @type {string | undefined} */ (hrefs.get(physicalId));
  const states = new Map(Object.entries(data.states));
  groups.sort(([a, first], [b, second]) => place(a, first) - place(b, second));
  return [
    heading(data.name, {
      trail: [["Overview", "#/"]],
      says: [badge(data.status), " ", withoutName(data.description, data.name), " · changed ", time(data.changedAt)],
      actions: [
        data.hasReadme &&
          h("a", { class: "button", href: to("apps", data.name, "readme"), "data-key": "readme" }, "README"),
      ],
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
    ...groups.map(([many, resources]) =>
      many === OTHER
        ? h(
            "details",
            { class: "section", "data-key": "other" },
            h("summary", {}, h("h2", {}, plural(resources.length, "other resource"))),
            resourceTable(resources, states, true),
          )
        : section(many[0]?.toUpperCase() + many.slice(1), resourceTable(resources, states, false)),
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
 * @param {Map<string, any>} states by physical name
 * @param {boolean} withType
 */
const resourceTable = (resources, states, withType) =>
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
      ...(resources.some(({ physicalId }) => states.has(physicalId))
        ? [{ label: "Now", cell: (/** @type {any} */ { physicalId }) => stateOf(states.get(physicalId)) }]
        : []),
      { label: "Physical name", class: "mono break muted", cell: ({ physicalId }) => physicalId },
      ...(resources.every(isMade)
        ? []
        : [
            {
              label: "Deployment",
              cell: (/** @type {any} */ { status, statusReason, isPlaceholder }) =>
                isPlaceholder
                  ? h("span", { class: "muted" }, "not made: the type is not known here")
                  : [badge(status), statusReason && ` ${statusReason}`],
            },
          ]),
    ],
    { empty: "None." },
  );

/** Where all is well the column says nothing. @param {any} resource */
const isMade = ({ status, isPlaceholder }) => !isPlaceholder && /^(CREATE|UPDATE)_COMPLETE$/.test(status);
