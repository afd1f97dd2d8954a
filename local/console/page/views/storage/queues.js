/** All queues with what waits in them. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { shortArn, to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { appLink, heading, named, table } from "../../parts/table.js";

export const queues = () => viewOf("Queues", [heading("Queues"), live(() => get("/queues"), render)]);

/** @param {any} data */
const render = (data) =>
  table(
    data.queues,
    [
      { label: "Queue", cell: ({ name, owner }) => named(name, owner, to("queues", name)) },
      { label: "App", cell: ({ owner }) => appLink(owner) },
      { label: "Waiting", class: "num", cell: ({ visible, isDeadLetters }) => count(visible, isDeadLetters) },
      { label: "In flight", class: "num", cell: ({ inFlight }) => count(inFlight, false) },
      { label: "Delayed", class: "num", cell: ({ delayed }) => count(delayed, false) },
      {
        label: "Dead letters",
        class: "break",
        cell: ({ redrive, isDeadLetters }) =>
          isDeadLetters
            ? "takes dead letters"
            : redrive
              ? h(
                  "a",
                  { href: to("queues", redrive.to.split(":").at(-1) ?? "") },
                  `after ${redrive.after} to ${shortArn(redrive.to).replace("sqs ", "")}`,
                )
              : h("span", { class: "muted" }, "–"),
      },
    ],
    { empty: "There are no queues.", caption: "Queues" },
  );

/** Dead letters want to be looked at. @param {number} value @param {boolean} isBad */
const count = (value, isBad) =>
  value === 0
    ? h("span", { class: "muted" }, "0")
    : h("strong", { class: isBad ? "bad" : "" }, isBad ? `${value} !` : value);
