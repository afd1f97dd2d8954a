/** "Step Functions Execution Status Change" events on the default bus. */
import type { Cloud } from "../../../core/cloud.ts";
import { asService } from "../../../core/principal.ts";
import { redriveProblem } from "../executions/describe-execution.ts";
import type { ExecutionRecord } from "../records.ts";
import { tell } from "./tell.ts";

/** Inputs and outputs are left out of the event above this length together (Step Functions event payloads, developer guide). */
const MAX_DATA = 248 * 1024;

export class EventSender {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Only Standard executions send events. */
  changed(record: ExecutionRecord): void {
    const entry = {
      Source: "aws.states",
      DetailType: "Step Functions Execution Status Change",
      Time: new Date(this.#cloud.clock.now()),
      Resources: [record.arn],
      Detail: JSON.stringify(detailOf(record, this.#cloud.clock.now())),
    };
    tell(this.#cloud, `status change of ${record.name}`, () =>
      this.#cloud.call("events", "PutEvents", { Entries: [entry] }, asService("states.amazonaws.com", record.arn)),
    );
  }
}

function detailOf(record: ExecutionRecord, now: number): Record<string, unknown> {
  const included = record.input.length + (record.output?.length ?? 0) <= MAX_DATA;
  const problem = redriveProblem(record, now);
  return {
    executionArn: record.arn,
    stateMachineArn: record.machineArn,
    stateMachineVersionArn: record.versionArn ?? null,
    stateMachineAliasArn: record.aliasArn ?? null,
    name: record.name,
    status: record.status,
    startDate: record.startDate,
    stopDate: record.stopDate ?? null,
    input: included ? record.input : null,
    inputDetails: { included },
    output: included ? (record.output ?? null) : null,
    outputDetails: record.output === undefined ? null : { included },
    error: record.error ?? null,
    cause: record.cause ?? null,
    redriveCount: record.redriveCount,
    redriveDate: record.redriveDate ?? null,
    redriveStatus: problem === undefined ? "REDRIVABLE" : "NOT_REDRIVABLE",
    redriveStatusReason: problem ?? null,
  };
}
