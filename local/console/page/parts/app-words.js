/** Words of an app's template. */
import { h } from "../core/dom.js";
import { arnLink, to } from "../core/links.js";

/**
 * A description that begins with the app's own name says it twice.
 * @param {string} text
 * @param {string} name
 */
export const withoutName = (text, name) => (text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text);

/**
 * An output: a link to where the console shows the thing, or to a web address.
 * @param {unknown} value
 * @param {(physicalId: string) => string | undefined} [linkOf]
 */
export function output(value, linkOf = () => undefined) {
  const text = String(value);
  const queue = /^https?:\/\/[^/]+\/\d{12}\/([-\w.]+)$/.exec(text)?.[1];
  const href = linkOf(text) ?? (queue === undefined ? arnLink(text) : to("queues", queue));
  if (href) return h("a", { href }, text);
  return /^https?:\/\/\S+$/.test(text)
    ? h("a", { href: text, rel: "noreferrer noopener", target: "_blank" }, text)
    : text;
}
