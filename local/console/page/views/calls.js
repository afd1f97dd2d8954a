/** The latest calls of AWS operations, by whomever. */
import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { live, viewOf } from "../core/live.js";
import { callTable } from "../parts/calls.js";
import { choice, debounced } from "../parts/form.js";
import { complain } from "../parts/notice.js";
import { heading } from "../parts/table.js";

export async function calls() {
  let failed = "";
  const text = h("input", {
    type: "search",
    "aria-label": "Filter",
    placeholder: "service, operation, caller, error …",
  });
  const list = live(
    () => get("/calls", { text: text.value, failed }),
    (data) => callTable(data.calls),
  );
  const refresh = () => void list.refresh().catch(complain);
  text.addEventListener("input", debounced(refresh));
  const filters = h(
    "div",
    { class: "filters" },
    choice(
      "Outcome",
      [
        ["", "All"],
        ["1", "Failed"],
      ],
      "",
      (value) => {
        failed = value;
        refresh();
      },
    ),
    text,
  );
  return viewOf("Calls", [
    heading("Calls", {
      says: "Who called which operation, and what came of it. What this page itself reads is left out.",
    }),
    filters,
    list,
  ]);
}
