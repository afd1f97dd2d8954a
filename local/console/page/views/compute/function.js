/** One Lambda function: what it is, invoking it, what it did and what it logged. */
import { get, post } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { bytes, duration, pretty, time } from "../../core/format.js";
import { arnLink, shortArn, to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { badge } from "../../parts/badge.js";
import { field, form } from "../../parts/form.js";
import { logView } from "../../parts/log/log-view.js";
import { complain } from "../../parts/notice.js";
import { facts, heading, section, table } from "../../parts/table.js";
import { textBlock } from "../../parts/text.js";

/** @param {string} name */
export async function functionView(name) {
  const known = await get("/function", { name });
  const details = live(() => get("/function", { name }), about);
  return viewOf(known.owner?.logicalId ?? name, [
    heading(known.owner?.logicalId ?? name, {
      trail: [
        ["Functions", to("functions")],
        ...(known.owner ? [/** @type {[string, string]} */ ([known.owner.app, to("apps", known.owner.app)])] : []),
      ],
      says: known.description || h("code", {}, name),
    }),
    invoke(name, known),
    details,
    h("h2", {}, "Log"),
    logView({ group: known.logGroup }),
  ]);
}

/**
 * @param {string} name
 * @param {any} known
 */
function invoke(name, known) {
  const event = h("textarea", { rows: "6", spellcheck: "false", class: "mono", value: "{}" });
  const result = h("div", { "aria-live": "polite" });
  const way = h(
    "select",
    {},
    h("option", { value: "RequestResponse" }, "wait for the result"),
    h("option", { value: "Event" }, "asynchronously"),
  );
  const samples = h(
    "select",
    {
      onchange: async () => {
        if (samples.value === "") return;
        try {
          event.value = pretty((await get("/sample-event", { app: known.owner.app, file: samples.value })).text);
        } catch (error) {
          complain(error);
        }
      },
    },
    h("option", { value: "" }, "– choose –"),
    known.samples.map((/** @type {string} */ file) => h("option", {}, file)),
  );
  const run = async () => {
    result.replaceChildren(h("p", { class: "muted" }, "Running …"));
    try {
      const answer = await post("/function/invoke", { name, event: event.value, type: way.value });
      result.replaceChildren(...shown(answer));
    } catch (error) {
      result.replaceChildren();
      throw error;
    }
  };
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Invoke")),
    form(
      "Invoke",
      run,
      known.samples.length > 0 && field("Sample event", samples),
      field("Event", event, "JSON"),
      field("How", way),
    ),
    result,
  );
}

/** @param {any} answer */
function shown({ status, error, payload, durationMs }) {
  if (status === 202) return [h("p", {}, badge("SUCCEEDED", "taken"), " It runs on its own; the log tells.")];
  return [
    h("p", {}, badge(error ? "failed" : "succeeded", error), " ", h("span", { class: "muted" }, duration(durationMs))),
    textBlock(payload, { label: "Result" }),
  ];
}

/** @param {any} data */
function about(data) {
  const environment = Object.entries(data.environment);
  return [
    section(
      "Invocations",
      table(
        data.invocations,
        [
          { label: "Ended", class: "time", cell: ({ at }) => time(at, { milliseconds: true }) },
          { label: "Outcome", cell: ({ failed }) => badge(failed ? "failed" : "succeeded") },
          { label: "Took", class: "num", cell: ({ durationMs }) => duration(durationMs) },
          { label: "Start", cell: ({ coldStart }) => (coldStart ? "cold" : h("span", { class: "muted" }, "warm")) },
          {
            label: "Request",
            class: "mono break",
            cell: ({ requestId }) => h("a", { href: to("follow", requestId), "data-key": requestId }, requestId),
          },
        ],
        { empty: "It has not run since the cloud was started.", caption: "Invocations" },
      ),
    ),
    data.sources.length > 0 &&
      section(
        "Event sources",
        table(
          data.sources,
          [
            {
              label: "From",
              class: "break",
              cell: ({ arn }) => (arnLink(arn) ? h("a", { href: arnLink(arn) }, shortArn(arn)) : shortArn(arn)),
            },
            { label: "State", cell: ({ state }) => badge(state) },
            {
              label: "Batch",
              class: "num",
              cell: ({ batchSize, windowSeconds }) => `${batchSize}${windowSeconds ? ` or ${windowSeconds} s` : ""}`,
            },
          ],
          { empty: "" },
        ),
      ),
    h(
      "details",
      { class: "section", "data-key": "configuration" },
      h("summary", {}, h("h2", {}, "Configuration")),
      facts([
        ["Handler", h("code", {}, data.handler)],
        ["Runtime", `${data.runtime}, ${(data.architectures ?? []).join(", ")}`],
        ["Memory", `${data.memoryMb} MB`],
        ["Timeout", `${data.timeoutSeconds} s`],
        ["Reserved concurrency", data.reserved],
        ["Code", bytes(data.codeSize)],
        ["Role", h("code", {}, data.role)],
        [
          "Dead letters",
          data.deadLetters && h("a", { href: arnLink(data.deadLetters) ?? "#/" }, shortArn(data.deadLetters)),
        ],
        ["Log group", h("a", { href: to("logs", data.logGroup) }, data.logGroup)],
        ["ARN", h("code", {}, data.arn)],
      ]),
      environment.length > 0 && [
        h("h3", {}, "Environment"),
        table(
          environment,
          [
            { label: "Name", class: "mono", cell: ([key]) => key },
            { label: "Value", class: "mono break", cell: ([, value]) => String(value) },
          ],
          { empty: "" },
        ),
      ],
    ),
  ].filter((part) => part !== false);
}
