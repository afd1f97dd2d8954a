/** Event buses with their rules, schedules, and topics with their subscriptions. */
import { get, post } from "../core/api.js";
import { h } from "../core/dom.js";
import { arnLink, shortArn } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { badge } from "../parts/badge.js";
import { field, form } from "../parts/form.js";
import { say } from "../parts/notice.js";
import { appLink, heading, named, section, table } from "../parts/table.js";
import { textBlock } from "../parts/text.js";

export async function events() {
  const [{ buses }, { topics }] = await Promise.all([get("/buses"), get("/topics")]);
  return viewOf("Events and topics", [
    heading("Events and topics"),
    live(
      () => get("/buses"),
      (data) => data.buses.map(bus),
    ),
    putEvent(buses),
    live(() => get("/schedules"), schedules),
    live(() => get("/topics"), topicList),
    ...(topics.length > 0 ? [publish(topics)] : []),
  ]);
}

/** @param {any} data */
const bus = ({ name, owner, rules }) =>
  section(
    `Bus ${owner?.logicalId ?? name}`,
    table(
      rules,
      [
        { label: "Rule", cell: (/** @type {any} */ rule) => named(rule.name, rule.owner, undefined) },
        { label: "App", cell: ({ owner: app }) => appLink(app) },
        { label: "State", cell: ({ state }) => badge(state) },
        {
          label: "When",
          class: "grow",
          cell: ({ name: rule, pattern, schedule }) =>
            schedule
              ? h("code", {}, schedule)
              : h(
                  "details",
                  { "data-key": `pattern ${name} ${rule}` },
                  h("summary", {}, summary(pattern)),
                  textBlock(pattern ?? ""),
                ),
        },
        { label: "To", class: "break", cell: ({ targets }) => targets.map(target) },
      ],
      { empty: "No rules.", caption: `Rules of ${name}` },
    ),
  );

/** What a pattern looks at first. @param {string | undefined} pattern */
function summary(pattern) {
  try {
    const { source, "detail-type": type } = JSON.parse(pattern ?? "{}");
    const words = [source, type].flat().filter((word) => typeof word === "string");
    return words.join(", ") || "a pattern";
  } catch {
    return "a pattern";
  }
}

/** @param {any} data */
const target = ({ arn, deadLetters }) =>
  h(
    "div",
    {},
    arnLink(arn) ? h("a", { href: arnLink(arn) }, shortArn(arn)) : shortArn(arn),
    deadLetters &&
      h(
        "span",
        { class: "muted" },
        ", dead letters to ",
        h("a", { href: arnLink(deadLetters) ?? "#/" }, shortArn(deadLetters)),
      ),
  );

/** @param {any} data */
const schedules = (data) =>
  data.schedules.length === 0
    ? []
    : section(
        "Schedules",
        table(
          data.schedules,
          [
            { label: "Schedule", class: "break", cell: (/** @type {any} */ { name }) => name },
            { label: "State", cell: ({ state }) => badge(state) },
            {
              label: "When",
              cell: ({ expression, zone }) => [h("code", {}, expression), zone && zone !== "UTC" ? ` ${zone}` : ""],
            },
            {
              label: "To",
              class: "break",
              cell: ({ target: arn }) => (arnLink(arn) ? h("a", { href: arnLink(arn) }, shortArn(arn)) : shortArn(arn)),
            },
          ],
          { empty: "None." },
        ),
      );

/** @param {any} data */
const topicList = (data) =>
  section(
    "Topics",
    table(
      data.topics,
      [
        { label: "Topic", cell: (/** @type {any} */ topic) => named(topic.name, topic.owner, undefined) },
        { label: "App", cell: ({ owner }) => appLink(owner) },
        {
          label: "Subscriptions",
          class: "break grow",
          cell: ({ subscriptions }) =>
            subscriptions.length === 0
              ? h("span", { class: "muted" }, "none")
              : subscriptions.map((/** @type {any} */ each) =>
                  h(
                    "div",
                    {},
                    h("span", { class: "muted" }, `${each.protocol} `),
                    arnLink(each.endpoint)
                      ? h("a", { href: arnLink(each.endpoint) }, shortArn(each.endpoint))
                      : each.endpoint,
                    !each.isConfirmed && " (not confirmed)",
                  ),
                ),
        },
      ],
      { empty: "There are no topics.", caption: "Topics" },
    ),
  );

/** @param {any[]} buses */
function putEvent(buses) {
  const name = h(
    "select",
    {},
    buses.map((each) => h("option", { value: each.name }, each.owner?.logicalId ?? each.name)),
  );
  const source = h("input", { required: true, value: "my.app", spellcheck: "false" });
  const type = h("input", { required: true, spellcheck: "false" });
  const detail = h("textarea", { rows: "4", class: "mono", spellcheck: "false", value: "{}" });
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Send an event")),
    form(
      "Send",
      async () => {
        const answer = await post("/events/put", {
          bus: name.value,
          source: source.value,
          detailType: type.value,
          detail: detail.value,
        });
        say(`Sent as ${answer.id}`);
      },
      field("Bus", name),
      field("Source", source),
      field("Detail type", type),
      field("Detail", detail, "JSON"),
    ),
  );
}

/** @param {any[]} topics */
function publish(topics) {
  const topic = h(
    "select",
    {},
    topics.map((each) => h("option", { value: each.arn }, each.owner?.logicalId ?? each.name)),
  );
  const subject = h("input", { maxlength: "100" });
  const message = h("textarea", { rows: "4", class: "mono", spellcheck: "false", required: true });
  return h(
    "details",
    { class: "section panel" },
    h("summary", {}, h("h2", {}, "Publish a message")),
    form(
      "Publish",
      async () => {
        const answer = await post("/topic/publish", {
          arn: topic.value,
          subject: subject.value,
          message: message.value,
        });
        say(`Published as ${answer.id}`);
      },
      field("Topic", topic),
      field("Subject", subject),
      field("Message", message),
    ),
  );
}
