/** Elements are made here and nowhere else: whatever comes from the cloud becomes text, never markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Child | Child[]} Children */
/** @typedef {Record<string, unknown>} Props `class`, `on…` listeners, `data-…`, `aria-…` and other attributes; `true` sets an empty one, false and undefined none. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Children} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, props, children);
  return element;
}

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Children} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, props = {}, ...children) {
  const element = /** @type {SVGElementTagNameMap[K]} */ (document.createElementNS(SVG, tag));
  fill(element, props, children);
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 * @param {Children[]} children
 */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function")
      element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "href") element.setAttribute(name, safeAddress(String(value)));
    else if (name === "value" && (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement))
      element.value = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== false)
      element.append(child instanceof Node ? child : String(child));
}

/**
 * Places on this page, and web addresses; never `javascript:` or `data:`.
 * @param {string} address
 */
const safeAddress = (address) => (/^(#|\/_console\/|https?:\/\/)/.test(address) ? address : "#/");

/**
 * The one element with an id of the page's frame.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/**
 * Puts other content into an element; focus, open details and scroll places stay where they are, found again by their `data-key`.
 * @param {Element} element
 * @param {Node[]} content
 */
export function swap(element, content) {
  const focused = element.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
  const open = new Map(
    keyed(element, "details[data-key]").map((each) => [keyOf(each), /** @type {HTMLDetailsElement} */ (each).open]),
  );
  const scrolled = new Map(
    keyed(element, ".scroll[data-key]").map((each) => [keyOf(each), [each.scrollLeft, each.scrollTop]]),
  );
  element.replaceChildren(...content);
  for (const each of keyed(element, "details[data-key]")) {
    const was = open.get(keyOf(each));
    if (was !== undefined) /** @type {HTMLDetailsElement} */ (each).open = was;
  }
  for (const each of keyed(element, ".scroll[data-key]")) {
    const [left = 0, top = 0] = scrolled.get(keyOf(each)) ?? [];
    each.scrollTo(left, top);
  }
  if (focused === undefined) return;
  const again = keyed(element, "[data-key]").find((each) => keyOf(each) === focused);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/**
 * @param {Element} element
 * @param {string} selector
 */
const keyed = (element, selector) => [...element.querySelectorAll(selector)];

/** @param {Element | null} element */
const keyOf = (element) => element?.getAttribute("data-key") ?? undefined;
