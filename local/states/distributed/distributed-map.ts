/** Map in distributed mode: items from S3 or the state, in batches, each run as an execution of its own. */
import { runtimeFailure, StatesFailure } from "../failure.ts";
import type { Field, Flow, Place } from "../flow/flow.ts";
import { integerField, numberField } from "../flow/typed-fields.ts";
import type { MapRun } from "../host.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Machine, Run } from "../machine.ts";
import type { Visit } from "../thread.ts";
import { compileBatcher } from "./batches.ts";
import { compileItems, selected } from "./items.ts";
import { compileReader } from "./item-reader.ts";
import { compileWriter } from "./result-writer.ts";
import { runChildren } from "./run-children.ts";

/** Child executions at a time when MaxConcurrency is 0 or absent (Map state in Distributed mode, developer guide). */
const MAX_CONCURRENCY = 10_000;

export interface DistributedMap {
  readonly definition: JsonObject;
  readonly place: Place;
  readonly flow: Flow;
  readonly processor: Machine;
  /** `ProcessorConfig`. */
  readonly config: JsonObject;
  readonly selector: Field | undefined;
}

export function compileDistributedMap(map: DistributedMap): Run {
  const { definition, place, flow, processor, config, selector } = map;
  const ownItems = compileItems(definition, place, flow);
  const read = compileReader(definition, place, flow);
  const batch = compileBatcher(definition, place, flow);
  const write = compileWriter(definition, place, flow);
  const whole = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const concurrency = integerField(flow, definition, "MaxConcurrency", place, whole);
  const failureCount = integerField(flow, definition, "ToleratedFailureCount", place, whole);
  const failurePercentage = numberField(flow, definition, "ToleratedFailurePercentage", place);
  const executionType = config["ExecutionType"] === "EXPRESS" ? "EXPRESS" : "STANDARD";

  return async (visit) => {
    const { thread } = visit;
    const runs = thread.host.mapRuns;
    if (!runs) throw runtimeFailure("Distributed Map states run in Standard workflows only");
    const input = flow.input(visit);
    const items = read ? await read(visit, input, runs) : await ownItems(visit, input);
    const inputs: Json[] = [];
    for (const [index, value] of items.entries()) {
      inputs.push(
        selector ? await selected(visit, selector, input, { Map: { Item: { Index: index, Value: value } } }) : value,
      );
    }
    const children = batch ? await batch(visit, input, inputs) : inputs.map((item) => ({ input: item, items: 1 }));
    const count = await failureCount(visit, input);
    const percentage = await failurePercentage(visit, input);
    thread.record("MapStateStarted", "mapStateStartedEventDetails", { length: items.length });
    const run = runs.start({
      label: typeof definition["Label"] === "string" ? definition["Label"] : thread.host.uuid(),
      processor,
      executionType,
      itemCount: items.length,
      batchSizes: children.map((child) => child.items),
      maxConcurrency: (await concurrency(visit, input)) || MAX_CONCURRENCY,
      toleratedFailureCount: count ?? 0,
      toleratedFailurePercentage: percentage ?? 0,
    });
    thread.record("MapRunStarted", "mapRunStartedEventDetails", { mapRunArn: run.arn });
    const { outcomes, exceeded } = await runChildren(
      run,
      children,
      items.length,
      { byCount: count !== undefined, byPercentage: percentage !== undefined },
      thread.signal,
    );
    const result = await written(visit, run, () => write(visit, input, run, outcomes, runs));
    if (exceeded) {
      throw failed(
        visit,
        run,
        new StatesFailure(
          "States.ExceedToleratedFailureThreshold",
          "The specified tolerated failure threshold was exceeded",
        ),
      );
    }
    run.finish("SUCCEEDED", true);
    thread.record("MapRunSucceeded");
    const last = thread.lastEventId;
    thread.record("MapStateSucceeded");
    thread.lastEventId = last;
    return flow.finish(visit, result);
  };
}

/** Results are written even when the run fails; what cannot be written fails the run. */
async function written(visit: Visit, run: MapRun, write: () => Promise<Json>): Promise<Json> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof StatesFailure ? failed(visit, run, error) : error;
  }
}

function failed({ thread }: Visit, run: MapRun, failure: StatesFailure): StatesFailure {
  run.finish("FAILED", failure.error !== "States.ResultWriterFailed");
  thread.record("MapRunFailed", "mapRunFailedEventDetails", { error: failure.error, cause: failure.reason });
  thread.record("MapStateFailed");
  return failure;
}
