/** All Lambda functions. */
import { get } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { duration, time } from "../../core/format.js";
import { to } from "../../core/links.js";
import { live, viewOf } from "../../core/live.js";
import { badge } from "../../parts/badge.js";
import { appLink, heading, named, table } from "../../parts/table.js";

export const functions = () => viewOf("Functions", [heading("Functions"), live(() => get("/functions"), render)]);

/** @param {any} data */
const render = (data) =>
  table(
    data.functions,
    [
      { label: "Function", cell: ({ name, owner }) => named(name, owner, to("functions", name)) },
      { label: "App", cell: ({ owner }) => appLink(owner) },
      {
        label: "Last run",
        class: "time",
        cell: ({ last }) => (last ? time(last.at) : h("span", { class: "muted" }, "not yet")),
      },
      { label: "Outcome", cell: ({ last }) => (last ? badge(last.failed ? "failed" : "succeeded") : "") },
      { label: "Took", class: "num", cell: ({ last }) => (last ? duration(last.durationMs) : "") },
      { label: "Memory", class: "num", cell: ({ memoryMb }) => `${memoryMb} MB` },
      { label: "Timeout", class: "num", cell: ({ timeoutSeconds }) => `${timeoutSeconds} s` },
    ],
    { empty: "There are no functions.", caption: "Functions" },
  );
