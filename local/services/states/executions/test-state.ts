/** TestState: runs one state, with real calls, and tells what became of it. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { StatesFailure } from "../../../states/failure.ts";
import { flowOf } from "../../../states/flow/index.ts";
import type { Host } from "../../../states/host.ts";
import { isObject, type Json, type JsonObject } from "../../../states/json.ts";
import { compileMachine, type State } from "../../../states/machine.ts";
import { failureOf } from "../../../states/recovery/recover.ts";
import { matchesError } from "../../../states/recovery/matching.ts";
import { nextDelaySeconds } from "../../../states/recovery/retry.ts";
import { Scope } from "../../../states/scope.ts";
import { Thread, Visit } from "../../../states/thread.ts";
import { performTask } from "../integrations/index.ts";
import { checkRoleArn } from "../machines/settings.ts";
import type { ExecutionRecord } from "../records.ts";
import type { Services } from "../services.ts";
import { contextOf } from "./context.ts";
import { Execution } from "./execution.ts";
import { checkInput } from "./start-execution.ts";

const NAME = "TestState";
const UNSUPPORTED = ["mock", "context", "stateConfiguration", "stateName"] as const;

export const testState =
  (services: Services): Handler<typeof SFN, "TestState"> =>
  async (input, call) => {
    for (const member of UNSUPPORTED) {
      if (input[member] !== undefined)
        throw new ServiceError("ValidationException", `The local cloud does not support '${member}' of TestState`);
    }
    if (input.inspectionLevel === "TRACE")
      throw new ServiceError(
        "ValidationException",
        "The local cloud does not support inspectionLevel TRACE of TestState",
      );
    const { definition, state } = readState(input.definition);
    const text = checkInput(input.input);
    const execution = new Execution(services, recordFor(services, input.roleArn, text), {
      startAt: NAME,
      states: new Map(),
      timeoutSeconds: undefined,
      definition,
      language: "JSONPath",
    });
    const results: Json[] = [];
    const visit = visitOf(execution, state, text, parseVariables(input.variables), (result) => results.push(result));
    const inspect = (output: Json | undefined): { inspectionData?: SFN.InspectionData } =>
      input.inspectionLevel === "DEBUG"
        ? { inspectionData: inspectionOf(definition, visit, text, results.at(-1), output) }
        : {};
    try {
      const output = await call.waiting(Promise.resolve(state.run(visit)));
      return {
        status: "SUCCEEDED",
        output: JSON.stringify(output),
        ...(visit.next === undefined ? {} : { nextState: visit.next }),
        ...inspect(output),
      };
    } catch (error) {
      return { ...(await failed(visit, failureOf(visit, error))), ...inspect(undefined) };
    }
  };

async function failed(visit: Visit, failure: StatesFailure): Promise<SFN.TestStateOutput> {
  const told = {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.reason === undefined ? {} : { cause: failure.reason }),
  };
  if (nextDelaySeconds(visit.state.retriers, failure, visit.retries, () => visit.thread.host.random()) !== undefined)
    return { ...told, status: "RETRIABLE" };
  const catcher = visit.state.catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
  if (!catcher) return { ...told, status: "FAILED" };
  return {
    ...told,
    status: "CAUGHT_ERROR",
    nextState: catcher.next,
    output: JSON.stringify(await catcher.output(visit, failure)),
  };
}

/** Throws InvalidDefinition. */
function readState(text: string | undefined): { definition: JsonObject; state: State } {
  const invalid = (reason: string): ServiceError =>
    new ServiceError("InvalidDefinition", `Invalid State Machine Definition: '${reason}'`);
  try {
    const definition: Json = JSON.parse(text ?? "");
    if (!isObject(definition)) throw invalid("Definition must be a valid JSON object");
    if (definition["Type"] === "Map" || definition["Type"] === "Parallel")
      throw invalid(`The local cloud does not test states of type ${definition["Type"]}`);
    const state = compileMachine({ StartAt: NAME, States: { [NAME]: definition } }).states.get(NAME);
    if (!state) throw invalid("Definition must be a valid JSON object");
    return { definition, state };
  } catch (error) {
    throw error instanceof ServiceError ? error : invalid(error instanceof Error ? error.message : String(error));
  }
}

/** Throws ValidationException. */
function parseVariables(text: string | undefined): JsonObject {
  const variables: Json = text === undefined ? {} : JSON.parse(checkInput(text));
  if (!isObject(variables)) throw new ServiceError("ValidationException", "Variables must be a JSON object");
  return variables;
}

/** The API's role is optional for states that call nothing. */
function recordFor({ store }: Services, roleArn: string | undefined, input: string): ExecutionRecord {
  const name = store.cloud.uuid();
  return {
    arn: store.cloud.arn("states", `express:${NAME}:${name}:${store.cloud.uuid()}`),
    name,
    machineArn: store.cloud.arn("states", `stateMachine:${NAME}`),
    machineName: NAME,
    versionArn: undefined,
    aliasArn: undefined,
    definitionId: "",
    settings: {
      type: "EXPRESS",
      roleArn: roleArn === undefined ? "" : checkRoleArn(roleArn),
      logging: { level: "OFF", includeExecutionData: false, destinations: [] },
      tracing: false,
      revisionId: undefined,
    },
    startDate: store.now(),
    input,
    traceHeader: undefined,
    mapRunArn: undefined,
    itemCount: undefined,
    status: "RUNNING",
    stopDate: undefined,
    output: undefined,
    error: undefined,
    cause: undefined,
    redriveCount: 0,
    redriveDate: undefined,
    checkpoint: undefined,
    events: 0,
  };
}

function visitOf(
  execution: Execution,
  state: State,
  input: string,
  variables: JsonObject,
  onResult: (result: Json) => void,
): Visit {
  const { cloud } = execution.services.store;
  const host: Host = {
    now: () => cloud.clock.now(),
    sleep: (milliseconds, signal) => cloud.clock.sleep(milliseconds, { signal }),
    breathe: () => Promise.resolve(),
    uuid: () => cloud.uuid(),
    random: () => cloud.random(),
    taskToken: () => execution.services.tokens.create(),
    task: async (request) => {
      const result = await performTask(execution, request);
      onResult(result);
      return result;
    },
    record: () => 0,
  };
  const thread = new Thread({
    host,
    signal: new AbortController().signal,
    scope: new Scope(undefined, variables),
    context: contextOf(execution.record),
    lastEventId: 0,
  });
  return new Visit(thread, state, JSON.parse(input), 0);
}

/** The data after each step of a JSONPath state, as far as it came. */
function inspectionOf(
  definition: JsonObject,
  visit: Visit,
  input: string,
  result: Json | undefined,
  output: Json | undefined,
): SFN.InspectionData {
  const raw = result === undefined ? {} : { result: JSON.stringify(result) };
  if (definition["QueryLanguage"] === "JSONata") return { input, ...raw };
  const step = (fields: readonly string[], from: (flow: ReturnType<typeof flowOf>) => unknown): string | undefined => {
    const some = Object.fromEntries(Object.entries(definition).filter(([name]) => fields.includes(name)));
    try {
      return JSON.stringify(from(flowOf(some, { language: "JSONPath", path: "" })));
    } catch (error) {
      if (error instanceof StatesFailure) return undefined;
      throw error;
    }
  };
  const effective = result ?? output ?? null;
  const steps = {
    afterInputPath: step(["InputPath"], (flow) => flow.input(visit)),
    afterParameters: step(["InputPath", "Parameters"], (flow) => flow.argument(visit, flow.input(visit))),
    ...(output === undefined
      ? {}
      : {
          afterResultSelector: step(["ResultSelector"], (flow) => flow.finish(visit, effective)),
          afterResultPath: step(["ResultSelector", "ResultPath"], (flow) => flow.finish(visit, effective)),
        }),
  };
  return { input, ...raw, ...Object.fromEntries(Object.entries(steps).filter(([, value]) => value !== undefined)) };
}
