/** A state machine drawn as SVG. Arrow keys move from state to state, Enter chooses one. */
import { h, svg } from "../core/dom.js";
import { plural } from "../core/format.js";
import { signOf, toneOf, wordOf } from "../parts/badge.js";

/** @typedef {{ id: string, type: string, says: string, x: number, y: number, width: number, height: number, depth: number, isContainer: boolean }} DrawnState */
/** @typedef {{ from: string, to: string, kind: string, label: string, path: string, labelX: number, labelY: number }} DrawnStep */
/** @typedef {{ width: number, height: number, states: DrawnState[], steps: DrawnStep[] }} Drawing */
/** @typedef {{ name: string, outcome: string, visits: number, retries: number, error?: string, items?: { total: number, succeeded: number, failed: number } }} StateSummary */

const MARGIN = 10;
/** Mean width of a character of the names and of the smaller lines. */
const NAME_CHARACTER = 8.2;
const SAYS_CHARACTER = 6.9;

/** @type {Record<string, string>} */
const ICONS = { Task: "⚙", Choice: "◇", Wait: "◷", Parallel: "‖", Map: "↻", Pass: "→", Succeed: "✓", Fail: "✕" };

/**
 * @param {Drawing} drawing
 * @param {{ onChoose?: (state: string) => void, label: string }} options
 */
export function graph(drawing, { onChoose, label }) {
  const nodes = new Map(drawing.states.map((state) => [state.id, node(state)]));
  const lines = drawing.steps.map((step) => ({ step, element: line(step) }));
  const width = drawing.width + 2 * MARGIN;
  const height = drawing.height + 2 * MARGIN;
  const picture = svg(
    "svg",
    {
      viewBox: `${-MARGIN} ${-MARGIN} ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-label": label,
      class: "graph",
    },
    svg("defs", {}, arrow("arrow", ""), arrow("arrow-taken", "taken")),
    drawing.states.filter(({ isContainer }) => isContainer).map(({ id }) => nodes.get(id)?.element),
    lines.map(({ element }) => element),
    drawing.states.filter(({ isContainer }) => !isContainer).map(({ id }) => nodes.get(id)?.element),
    // Labels lie above lines that cross them.
    drawing.steps.filter((step) => step.label !== "").map(caption),
  );
  // As wide as it is, narrower where there is less room, but never too small to read (see graph.css).
  picture.style.setProperty("--natural", `${width}px`);

  const states = drawing.states.filter(({ id }) => !id.startsWith(" "));
  let current = states[0]?.id;
  /** @param {string} id */
  const makeCurrent = (id) => {
    if (current !== undefined) nodes.get(current)?.element.setAttribute("tabindex", "-1");
    current = id;
    nodes.get(id)?.element.setAttribute("tabindex", "0");
  };
  if (current !== undefined) makeCurrent(current);

  picture.addEventListener("keydown", (event) => {
    const from = states.find(({ id }) => id === current);
    if (!from) return;
    if (event.key === "Enter" || event.key === " ") onChoose?.(from.id);
    else {
      const found = neighbour(states, from, event.key);
      if (found === undefined) return;
      makeCurrent(found.id);
      nodes.get(found.id)?.element.focus();
    }
    event.preventDefault();
  });
  picture.addEventListener("click", (event) => {
    const found = event.target instanceof Element ? event.target.closest("[data-state]") : null;
    const id = found?.getAttribute("data-state");
    if (id === null || id === undefined) return;
    makeCurrent(id);
    onChoose?.(id);
  });

  const frame = h("div", { class: "graph-frame scroll", "data-key": "graph" }, picture);
  // Where the picture is wider than its place, its beginning is in sight.
  const start = drawing.states[0];
  /** @param {DrawnState | undefined} state */
  const showInMiddle = (state) => {
    if (!state || frame.clientWidth === 0) return;
    const scale = picture.getBoundingClientRect().width / width;
    frame.scrollLeft = (state.x + state.width / 2 + MARGIN) * scale - frame.clientWidth / 2;
  };
  /** @type {string | undefined} */
  let chosen;
  const shown = new ResizeObserver(() => {
    if (frame.clientWidth === 0) return;
    shown.disconnect();
    showInMiddle(states.find(({ id }) => id === chosen) ?? start);
  });
  shown.observe(frame);

  return {
    element: frame,
    /**
     * What has happened so far.
     * @param {StateSummary[]} summaries
     * @param {Record<string, number>} taken how often each step was taken, by `from → to`
     */
    update(summaries, taken) {
      const byName = new Map(summaries.map((summary) => [summary.name, summary]));
      for (const { id } of states) nodes.get(id)?.update(byName.get(id));
      for (const { step, element } of lines) {
        const isTaken = (taken[`${step.from} → ${step.to}`] ?? 0) > 0 || isEnd(step, byName);
        element.classList.toggle("taken", isTaken);
        element.setAttribute("marker-end", `url(#${isTaken ? "arrow-taken" : "arrow"})`);
      }
    },
    /** @param {string | undefined} id */
    choose(id) {
      chosen = id;
      for (const [name, { element }] of nodes) element.classList.toggle("chosen", name === id);
      if (id !== undefined && nodes.has(id)) makeCurrent(id);
    },
  };
}

/**
 * The lines from the start and to the end are no steps between states.
 * @param {DrawnStep} step
 * @param {Map<string, StateSummary>} byName
 */
function isEnd(step, byName) {
  if (step.from.startsWith(" ")) return byName.has(step.to);
  const outcome = byName.get(step.from)?.outcome;
  return step.to.startsWith(" ") && outcome === "succeeded";
}

/** @param {DrawnState} state */
function node(state) {
  const { id, x, y, width, height, isContainer } = state;
  if (id.startsWith(" ")) {
    const middle = { cx: x + width / 2, cy: y + height / 2 };
    const isStart = state.type === "Start";
    const element = svg(
      "g",
      { class: `mark ${isStart ? "start" : "end"}` },
      svg("title", {}, state.type),
      svg("circle", { ...middle, r: width / 2 - 1 }),
      svg("circle", { ...middle, r: width / 2 - 5, class: "core" }),
    );
    return { element, update: () => {} };
  }
  const room = (width - 60) / NAME_CHARACTER;
  const saysRoom = (width - 42) / SAYS_CHARACTER;
  const says = svg("text", { x: x + 34, y: y + (isContainer ? 31 : 34), class: "says" }, fit(state.says, saysRoom));
  const sign = svg("text", { x: x + width - 16, y: y + 20, class: "sign", "text-anchor": "middle" });
  const element = svg(
    "g",
    { class: `state none ${isContainer ? "container" : ""}`, role: "button", tabindex: "-1", "data-state": id },
    svg("title", {}, id),
    svg("rect", { x, y, width, height, rx: 9, class: "box" }),
    svg(
      "text",
      { x: x + 18, y: y + (isContainer ? 25 : 28), class: "icon", "text-anchor": "middle" },
      ICONS[state.type] ?? "·",
    ),
    svg("text", { x: x + 34, y: y + (isContainer ? 17 : 19), class: "name" }, fit(id, room)),
    says,
    sign,
  );
  /** @param {StateSummary | undefined} summary */
  const update = (summary) => {
    const outcome = summary?.outcome ?? "none";
    const more = [
      summary?.items ? itemsOf(summary.items) : "",
      summary && summary.visits > 1 ? `${summary.visits}×` : "",
      summary && summary.retries > 0 ? plural(summary.retries, "retry", "retries") : "",
    ].filter((part) => part !== "");
    const chosen = element.classList.contains("chosen") ? "chosen" : "";
    element.setAttribute("class", `state ${toneOf(outcome)} is-${outcome} ${isContainer ? "container" : ""} ${chosen}`);
    element.setAttribute("aria-label", [id, state.type, summary ? wordOf(outcome) : "not reached", ...more].join(", "));
    says.textContent = fit([...more, state.says].join(" · "), saysRoom);
    sign.textContent = summary ? signOf(outcome) : "";
  };
  update(undefined);
  return { element, update };
}

/** @param {{ total: number, succeeded: number, failed: number }} items */
const itemsOf = ({ total, succeeded, failed }) =>
  `${succeeded.toLocaleString("en")}/${plural(total, "item")}${failed > 0 ? `, ${failed} failed` : ""}`;

/** @param {DrawnStep} step */
const line = (step) =>
  svg(
    "path",
    { d: step.path, class: `step ${step.kind}`, "marker-end": "url(#arrow)" },
    svg("title", {}, `${step.from} → ${step.to}`),
  );

/** @param {DrawnStep} step */
const caption = (step) =>
  svg(
    "text",
    { x: step.labelX, y: step.labelY + 4, class: `label ${step.kind}`, "text-anchor": "middle" },
    svg("title", {}, step.label),
    step.label,
  );

/**
 * @param {string} id
 * @param {string} name
 */
const arrow = (id, name) =>
  svg(
    "marker",
    {
      id,
      viewBox: "0 0 8 8",
      refX: 7,
      refY: 4,
      markerWidth: 7,
      markerHeight: 7,
      orient: "auto",
      class: `arrow ${name}`,
    },
    svg("path", { d: "M0 0.500L8 4L0 7.500z" }),
  );

/**
 * @param {string} text
 * @param {number} most
 */
const fit = (text, most) => (text.length > most ? `${text.slice(0, Math.max(1, Math.floor(most) - 1))}…` : text);

/**
 * The nearest state in the direction of an arrow key; Home and End are the first and the last one.
 * @param {DrawnState[]} states
 * @param {DrawnState} from
 * @param {string} key
 */
export function neighbour(states, from, key) {
  if (key === "Home") return states[0];
  if (key === "End") return states.at(-1);
  const [dx = 0, dy = 0] = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key] ?? [
    0, 0,
  ];
  if (dx === 0 && dy === 0) return undefined;
  /** @param {DrawnState} state */
  const middle = ({ x, y, width, height, isContainer }) => [x + width / 2, isContainer ? y + 20 : y + height / 2];
  const [x = 0, y = 0] = middle(from);
  let best;
  let least = Infinity;
  for (const state of states) {
    if (state === from) continue;
    const [otherX = 0, otherY = 0] = middle(state);
    const along = (otherX - x) * dx + (otherY - y) * dy;
    const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
    if (along <= 4) continue;
    // Up and down go to the next row, whatever stands in it; left and right stay in the row.
    if (dx !== 0 && aside > along * 1.8) continue;
    const distance = dx === 0 ? 3 * along + aside : along + 3 * aside;
    if (distance < least) [best, least] = [state, distance];
  }
  return best;
}
