/** What an app says of itself. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { to } from "../core/links.js";
import { viewOf } from "../core/live.js";
import { markdown } from "../parts/markdown.js";
import { heading } from "../parts/table.js";

/** @param {string} name */
export async function readme(name) {
  const { text } = await get("/app/readme", { name });
  // Its own title is that of the view.
  const body = text.replace(/^# .*\n+/, "");
  return viewOf(`README of ${name}`, [
    heading(name, {
      trail: [
        ["Overview", "#/"],
        [name, to("apps", name)],
      ],
    }),
    h("article", { class: "prose" }, markdown(body)),
  ]);
}
