/** RedriveExecution: a failed, timed out or stopped execution goes on at the state in which it ended. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Services } from "../services.ts";
import { redriveProblem } from "./describe-execution.ts";

/** An execution may be redriven so often as its history has room. */
export const redriveExecution =
  (services: Services): Handler<typeof SFN, "RedriveExecution"> =>
  ({ executionArn }) => {
    const { store } = services;
    const record = store.execution(executionArn);
    const problem = redriveProblem(record, store.now());
    if (problem !== undefined)
      throw new ServiceError("ExecutionNotRedrivable", `Execution is not redrivable. Reason: ${problem}`);
    record.redriveCount++;
    record.redriveDate = store.now();
    record.status = "RUNNING";
    record.stopDate = undefined;
    record.error = undefined;
    record.cause = undefined;
    record.events++;
    store.addEvent(record.arn, {
      id: record.events,
      previousEventId: 0,
      timestamp: record.redriveDate,
      type: "ExecutionRedriven",
      key: "executionRedrivenEventDetails",
      details: { redriveCount: record.redriveCount },
    });
    if (record.checkpoint) {
      record.checkpoint = { ...record.checkpoint, previousEventId: record.events, enteredAt: record.redriveDate };
    }
    store.keep(record);
    services.run(record);
    return { redriveDate: new Date(record.redriveDate) };
  };
