/** The rules of a definition's structure that are no matter of evaluation: targets, terminal states, names, fields of a language. */
import { isArray, isObject, type Json, type JsonObject } from "../../../states/json.ts";
import type { MachineType } from "../records.ts";

export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly code?: string;
}

/** Fields that belong to one query language (Transforming data with JSONata, developer guide). */
const JSON_PATH_ONLY = [
  "InputPath",
  "Parameters",
  "ResultSelector",
  "ResultPath",
  "OutputPath",
  "ItemsPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
  "ErrorPath",
  "CausePath",
];
const JSONATA_ONLY = ["Arguments", "Output", "Items"];
const TERMINAL = new Set(["Succeed", "Fail", "Choice"]);

export function structuralProblems(definition: JsonObject, type: MachineType): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  checkMachine(definition, "", { type, language: "JSONPath", names, problems });
  return problems;
}

interface Check {
  readonly type: MachineType;
  readonly language: string;
  /** State names are unique within the whole definition. */
  readonly names: Set<string>;
  readonly problems: Problem[];
}

function checkMachine(machine: JsonObject, path: string, check: Check): void {
  const { States: states, StartAt: startAt } = machine;
  const language = typeof machine["QueryLanguage"] === "string" ? machine["QueryLanguage"] : check.language;
  const missing = [...(isObject(states) ? [] : ["States"]), ...(typeof startAt === "string" ? [] : ["StartAt"])];
  if (!isObject(states) || typeof startAt !== "string") {
    check.problems.push({ path: path || "/", message: `These fields are required: [${missing.join(", ")}]` });
    return;
  }
  const names = new Set(Object.keys(states));
  const target = (name: unknown, at: string): void => {
    if (typeof name === "string" && !names.has(name))
      check.problems.push({ path: at, code: "MISSING_TRANSITION_TARGET", message: `Missing 'Next' target: ${name}` });
  };
  target(startAt, `${path}/StartAt`);
  for (const [name, state] of Object.entries(states)) {
    const at = `${path}/States/${name}`;
    if (name.length > 80) check.problems.push({ path: at, message: "State names must have at most 80 characters" });
    if (check.names.has(name))
      check.problems.push({ path: at, code: "DUPLICATE_STATE_NAME", message: `Duplicate state name: ${name}` });
    check.names.add(name);
    if (isObject(state)) checkState(state, at, { ...check, language }, target);
  }
  checkReachable(states, startAt, path, check.problems);
}

function checkState(state: JsonObject, path: string, check: Check, target: (name: unknown, at: string) => void): void {
  const { problems } = check;
  const type = String(state["Type"]);
  const language = typeof state["QueryLanguage"] === "string" ? state["QueryLanguage"] : check.language;
  target(state["Next"], `${path}/Next`);
  target(state["Default"], `${path}/Default`);
  for (const list of ["Choices", "Catch"]) {
    const entries = state[list];
    for (const [index, entry] of (isArray(entries) ? entries : []).entries())
      if (isObject(entry)) target(entry["Next"], `${path}/${list}[${index}]/Next`);
  }
  if (!TERMINAL.has(type) && (state["Next"] === undefined) === (state["End"] !== true)) {
    problems.push({
      path,
      message:
        state["Next"] === undefined
          ? "One of these fields is required: [Next, End]"
          : "Only one of these fields may be set: [Next, End]",
    });
  }
  for (const field of language === "JSONata" ? JSON_PATH_ONLY : JSONATA_ONLY) {
    if (state[field] !== undefined)
      problems.push({
        path: `${path}/${field}`,
        message: `Field '${field}' is not supported when QueryLanguage is '${language}'`,
      });
  }
  checkExclusive(state, path, problems);
  checkErrorLists(state, path, problems);
  checkResource(state["Resource"], `${path}/Resource`, check);
  const nested = { ...check, language };
  const { Branches: branches } = state;
  for (const [index, branch] of (isArray(branches) ? branches : []).entries())
    if (isObject(branch)) checkMachine(branch, `${path}/Branches[${index}]`, nested);
  for (const key of ["ItemProcessor", "Iterator"]) {
    const processor = state[key];
    if (isObject(processor)) checkMachine(processor, `${path}/${key}`, nested);
  }
}

/** Fields of which a state, its item reader or its item batcher has one at most. */
const EXCLUSIVE: readonly (readonly [within: readonly string[], fields: readonly string[]])[] = [
  [[], ["Error", "ErrorPath"]],
  [[], ["Cause", "CausePath"]],
  [[], ["TimeoutSeconds", "TimeoutSecondsPath"]],
  [[], ["HeartbeatSeconds", "HeartbeatSecondsPath"]],
  [[], ["MaxConcurrency", "MaxConcurrencyPath"]],
  [[], ["ItemProcessor", "Iterator"]],
  [[], ["ItemSelector", "Parameters"]],
  [[], ["Items", "ItemsPath"]],
  [[], ["ToleratedFailureCount", "ToleratedFailureCountPath"]],
  [[], ["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]],
  [
    ["ItemReader", "ReaderConfig"],
    ["MaxItems", "MaxItemsPath"],
  ],
  [["ItemBatcher"], ["MaxItemsPerBatch", "MaxItemsPerBatchPath"]],
  [["ItemBatcher"], ["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]],
];

function checkExclusive(state: JsonObject, path: string, problems: Problem[]): void {
  for (const [within, fields] of EXCLUSIVE) {
    let holder: Json | undefined = state;
    for (const name of within) holder = isObject(holder) ? holder[name] : undefined;
    if (isObject(holder) && fields.every((field) => holder[field] !== undefined))
      problems.push({
        path: [path, ...within].join("/"),
        message: `Only one of these fields may be set: [${fields.join(", ")}]`,
      });
  }
}

/** States.ALL stands alone in its list, and in the last one of Retry or Catch. */
function checkErrorLists(state: JsonObject, path: string, problems: Problem[]): void {
  for (const list of ["Retry", "Catch"]) {
    const entries = state[list];
    if (!isArray(entries)) continue;
    for (const [index, entry] of entries.entries()) {
      const names = isObject(entry) ? entry["ErrorEquals"] : undefined;
      if (!isArray(names) || !names.includes("States.ALL")) continue;
      const at = `${path}/${list}[${index}]/ErrorEquals`;
      if (names.length > 1) problems.push({ path: at, message: "States.ALL must appear alone" });
      if (index < entries.length - 1)
        problems.push({ path: at, message: `States.ALL must appear in the last entry of ${list}` });
    }
  }
}

function checkResource(resource: unknown, path: string, { type, problems }: Check): void {
  if (typeof resource !== "string") return;
  if (!/^arn:aws[\w-]*:(lambda|states):/.test(resource))
    problems.push({ path, message: "Value is not a valid resource ARN" });
  if (type === "STANDARD") return;
  const pattern =
    /\.(waitForTaskToken|sync(?::2)?)$/.exec(resource)?.[0] ?? (/:activity:/.test(resource) ? "activity" : undefined);
  if (pattern)
    problems.push({ path, message: `Express state machine does not support '${pattern}' service integration ` });
}

/** A machine needs a state that ends it; states that nothing leads to are refused too. */
function checkReachable(states: JsonObject, startAt: string, path: string, problems: Problem[]): void {
  const reached = new Set<string>();
  const follow = (name: unknown): void => {
    if (typeof name !== "string" || reached.has(name)) return;
    const state = states[name];
    if (!isObject(state)) return;
    reached.add(name);
    follow(state["Next"]);
    follow(state["Default"]);
    for (const list of [state["Choices"], state["Catch"]])
      for (const entry of isArray(list) ? list : []) if (isObject(entry)) follow(entry["Next"]);
  };
  follow(startAt);
  for (const name of Object.keys(states)) {
    if (!reached.has(name) && reached.size > 0)
      problems.push({
        path: `${path}/States/${name}`,
        code: "MISSING_TRANSITION_TARGET",
        message: `State "${name}" is not reachable.`,
      });
  }
}
