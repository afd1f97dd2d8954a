/** The metrics of executions in AWS/States, by state machine (Monitoring Step Functions metrics, developer guide). */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { ExecutionRecord } from "../records.ts";
import { tell } from "./tell.ts";

const ENDS: Readonly<Record<string, string>> = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

export class MetricSender {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  started(record: ExecutionRecord): void {
    this.#send(record, [["ExecutionsStarted", 1, "Count"]]);
  }

  ended(record: ExecutionRecord): void {
    const milliseconds = (record.stopDate ?? record.startDate) - record.startDate;
    const outcome = ENDS[record.status] ?? "ExecutionsFailed";
    // All outcomes get a point, so that a sum of 0 is known and not missing.
    const counts = Object.values(ENDS).map((name): Point => [name, name === outcome ? 1 : 0, "Count"]);
    this.#send(record, [
      ...counts,
      ["ExecutionTime", milliseconds, "Milliseconds"],
      ["ExecutionThrottled", 0, "Count"],
    ]);
  }

  #send(record: ExecutionRecord, points: readonly Point[]): void {
    const Timestamp = new Date(this.#cloud.clock.now());
    const Dimensions = [{ Name: "StateMachineArn", Value: record.machineArn }];
    const MetricData = points.map(([MetricName, Value, Unit]) => ({ MetricName, Value, Unit, Dimensions, Timestamp }));
    tell(this.#cloud, `metrics of ${record.name}`, () =>
      this.#cloud.call("cloudwatch", "PutMetricData", { Namespace: "AWS/States", MetricData }, ACCOUNT),
    );
  }
}

type Point = readonly [name: string, value: number, unit: "Count" | "Milliseconds"];
