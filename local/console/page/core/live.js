/** Parts of a view that follow the cloud. */
import { h, swap } from "./dom.js";

/** @typedef {{ title: string, parts: Node[], refresh: () => Promise<void>, leave?: () => void }} View */

/**
 * Content that is read anew when something has happened, and drawn anew only when what was read differs.
 * @param {() => Promise<any>} load
 * @param {(data: any) => Node | Node[]} render
 */
export function live(load, render) {
  const element = h("div", { class: "live" });
  /** @type {string | undefined} */
  let shown;
  let asked = 0;
  return {
    element,
    async refresh() {
      const own = ++asked;
      const data = await load();
      const text = JSON.stringify(data);
      // A later question may have been answered before this one.
      if (own !== asked || text === shown) return;
      shown = text;
      swap(element, [render(data)].flat());
    },
  };
}

/**
 * A view of live parts and fixed ones, in their order.
 * @param {string} title
 * @param {(Node | ReturnType<typeof live>)[]} parts
 * @returns {Promise<View>}
 */
export async function viewOf(title, parts) {
  const moving = parts.flatMap((part) => ("refresh" in part ? [part] : []));
  const refresh = async () => void (await Promise.all(moving.map((part) => part.refresh())));
  await refresh();
  return { title, parts: parts.map((part) => ("refresh" in part ? part.element : part)), refresh };
}
