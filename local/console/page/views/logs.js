/** Log groups. */
import { get } from "../core/api.js";
import { bytes } from "../core/format.js";
import { to } from "../core/links.js";
import { live, viewOf } from "../core/live.js";
import { logView } from "../parts/log/log-view.js";
import { appLink, heading, named, table } from "../parts/table.js";

export const groups = () =>
  viewOf("Logs", [
    heading("Logs"),
    live(
      () => get("/groups"),
      (data) =>
        table(
          data.groups,
          [
            {
              label: "Log group",
              class: "break",
              cell: (/** @type {any} */ { name, owner }) => named(name, owner, to("logs", name)),
            },
            { label: "App", cell: ({ owner }) => appLink(owner) },
            { label: "Size", class: "num", cell: ({ storedBytes }) => bytes(storedBytes) },
            {
              label: "Kept",
              class: "num",
              cell: ({ retentionInDays }) => (retentionInDays ? `${retentionInDays} d` : "for ever"),
            },
          ],
          { empty: "There are no log groups.", caption: "Log groups" },
        ),
    ),
  ]);

/** @param {string} name */
export const group = (name) =>
  viewOf(name, [heading(name, { trail: [["Logs", to("logs")]] }), logView({ group: name })]);
