/** A state machine's definition as a graph: its states, what leads from one to another, and what lies inside Parallel and Map. */

export interface StateNode {
  readonly id: string;
  /** Task, Choice … or `Start` and `End`, which are no states. */
  readonly type: string;
  /** What a task calls, how long a wait is: one short line. */
  readonly says: string;
  /** Branches of a Parallel, the processor of a Map. */
  readonly inner: readonly StateGraph[];
}

export type StepKind = "next" | "choice" | "default" | "catch";

export interface Step {
  readonly from: string;
  readonly to: string;
  readonly kind: StepKind;
  readonly label: string;
}

export interface StateGraph {
  readonly nodes: readonly StateNode[];
  readonly steps: readonly Step[];
  readonly start: string;
}

export const START = " start";
export const END = " end";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Throws SyntaxError for a definition that is no JSON; leaves out what is no state. */
export function readDefinition(definition: string): StateGraph {
  const machine: unknown = JSON.parse(definition);
  const graph = readMachine(isObject(machine) ? machine : {});
  const ends = graph.nodes.some(({ id }) => graph.steps.some((step) => step.from === id && step.to === END));
  return {
    start: START,
    nodes: [mark(START, "Start"), ...graph.nodes, ...(ends ? [mark(END, "End")] : [])],
    steps: [{ from: START, to: graph.start, kind: "next", label: "" }, ...graph.steps],
  };
}

const mark = (id: string, type: string): StateNode => ({ id, type, says: "", inner: [] });

function readMachine(machine: Json): StateGraph {
  const states = Object.entries(isObject(machine["States"]) ? machine["States"] : {}).flatMap(([id, state]) =>
    isObject(state) ? [{ id, state }] : [],
  );
  const known = new Set([...states.map(({ id }) => id), END]);
  return {
    start: textOf(machine["StartAt"]),
    nodes: states.map(({ id, state }) => ({
      id,
      type: textOf(state["Type"]),
      says: describe(state),
      inner: innerOf(state),
    })),
    steps: states.flatMap(({ id, state }) => stepsOf(id, state)).filter(({ to }) => known.has(to)),
  };
}

function innerOf(state: Json): StateGraph[] {
  if (state["Type"] === "Parallel") return objects(state["Branches"]).map(inside);
  const processor = state["ItemProcessor"] ?? state["Iterator"];
  return state["Type"] === "Map" && isObject(processor) ? [inside(processor)] : [];
}

/** Inside a container nothing leads to an end of its own: the container's border is it. */
function inside(machine: Json): StateGraph {
  const graph = readMachine(machine);
  return { ...graph, steps: graph.steps.filter(({ to }) => to !== END) };
}

function stepsOf(from: string, state: Json): Step[] {
  const steps: Step[] = objects(state["Choices"]).map((rule) => ({
    from,
    to: textOf(rule["Next"]),
    kind: "choice" as const,
    label: describeRule(rule),
  }));
  if (typeof state["Default"] === "string")
    steps.push({ from, to: state["Default"], kind: "default", label: "otherwise" });
  if (typeof state["Next"] === "string") steps.push({ from, to: state["Next"], kind: "next", label: "" });
  if (state["End"] === true || state["Type"] === "Succeed") steps.push({ from, to: END, kind: "next", label: "" });
  for (const catcher of objects(state["Catch"])) {
    const names = Array.isArray(catcher["ErrorEquals"]) ? catcher["ErrorEquals"].map(String) : [];
    const label = names.map((name) => (name === "States.ALL" ? "any error" : name)).join(", ");
    steps.push({ from, to: textOf(catcher["Next"]), kind: "catch", label });
  }
  return steps;
}

const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/GreaterThanEquals(Path)?$/, "≥"],
  [/LessThanEquals(Path)?$/, "≤"],
  [/GreaterThan(Path)?$/, ">"],
  [/LessThan(Path)?$/, "<"],
  [/Matches$/, "matches"],
  [/Equals(Path)?$/, "="],
];

/** A JSONata expression without its marks. */
const bare = (text: string): string => text.replace(/^\{%\s*|\s*%\}$/g, "");

/** A rule of a Choice as one line. */
export function describeRule(rule: Json): string {
  if (typeof rule["Condition"] === "string") return bare(rule["Condition"]);
  if (isObject(rule["Not"])) return `not (${describeRule(rule["Not"])})`;
  for (const [name, word] of [
    ["And", " and "],
    ["Or", " or "],
  ] as const) {
    const parts = objects(rule[name]);
    if (parts.length > 0) return parts.map(describeRule).join(word);
  }
  const variable = textOf(rule["Variable"]).replace(/^\$\.?/, "") || "input";
  for (const [name, value] of Object.entries(rule)) {
    if (name.startsWith("Is")) return `${variable} ${value === true ? "is" : "is not"} ${name.slice(2).toLowerCase()}`;
    const operator = OPERATORS.find(([pattern]) => pattern.test(name))?.[1];
    if (operator !== undefined)
      return `${variable} ${operator} ${typeof value === "string" ? value : JSON.stringify(value)}`;
  }
  return "";
}

function describe(state: Json): string {
  switch (state["Type"]) {
    case "Task":
      return describeResource(textOf(state["Resource"]));
    case "Wait": {
      const seconds = state["Seconds"];
      if (typeof seconds === "number") return `wait ${seconds} s`;
      return (state["Timestamp"] ?? state["TimestampPath"]) ? "wait until a moment" : "wait";
    }
    case "Map": {
      const processor = state["ItemProcessor"];
      const config = isObject(processor) ? processor["ProcessorConfig"] : undefined;
      return isObject(config) && config["Mode"] === "DISTRIBUTED" ? "distributed map" : "map";
    }
    case "Fail":
      return textOf(state["Error"]) ? `fail: ${bare(textOf(state["Error"]))}` : "fail";
    default:
      return textOf(state["Type"]).toLowerCase();
  }
}

/** `arn:aws:states:::sqs:sendMessage.waitForTaskToken` reads `sqs sendMessage, waits for a token`. */
function describeResource(resource: string): string {
  const integration = /:states:[^:]*:[^:]*:(.+)$/.exec(resource)?.[1];
  if (integration === undefined) return resource.includes(":lambda:") ? "lambda" : resource;
  if (integration.startsWith("activity:")) return "activity";
  const [name = "", pattern] = integration.split(".");
  const words = name.replace(/^aws-sdk:/, "").replaceAll(":", " ");
  if (pattern === "waitForTaskToken") return `${words}, waits for a token`;
  return pattern?.startsWith("sync") ? `${words}, waits for its end` : words;
}
