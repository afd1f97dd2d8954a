/** Lists that go on: more is read when a person asks for it. */
import { h, swap } from "../core/dom.js";
import { button } from "./form.js";

/**
 * The first page follows the cloud until more has been asked for.
 * @param {(token: string | undefined) => Promise<{ rows: any[], token: string | undefined }>} load
 * @param {(rows: any[]) => Node} render
 */
export function pages(load, render) {
  const element = h("div", { class: "live" });
  /** @type {any[]} */
  let rows = [];
  /** @type {string | undefined} */
  let token;
  let read = 0;
  let shown = "";
  let asked = 0;

  const draw = () => {
    swap(element, [render(rows), h("div", { class: "actions" }, token !== undefined && button("More", more))]);
  };
  const more = async () => {
    const own = ++asked;
    const page = await load(token);
    if (own !== asked) return;
    rows = [...rows, ...page.rows];
    token = page.token;
    read++;
    draw();
  };
  const refresh = async () => {
    if (read > 1) return;
    const own = ++asked;
    const page = await load(undefined);
    const text = JSON.stringify(page);
    if (own !== asked || (read > 0 && text === shown)) return;
    shown = text;
    ({ rows, token } = page);
    read = 1;
    draw();
  };
  return {
    element,
    refresh,
    /** From the first page again, for another filter. */
    restart: () => {
      read = 0;
      return refresh();
    },
  };
}
