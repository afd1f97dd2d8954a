/** ListMapRuns, DescribeMapRun, UpdateMapRun. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { page } from "../paging.ts";
import type { Counts, MapRunRecord } from "../records.ts";
import type { Store } from "../store.ts";

function runAt(store: Store, arn: string | undefined): MapRunRecord {
  if (!/^arn:aws[\w-]*:states:[^:]*:\d{12}:mapRun:.+/.test(arn ?? ""))
    throw new ServiceError("InvalidArn", `Invalid Arn: '${arn ?? ""}'`);
  const run = store.mapRuns.get(arn ?? "");
  if (!run)
    throw new ServiceError("ResourceNotFound", `Resource not found: '${arn ?? ""}'`, { detail: { resourceName: arn } });
  return run;
}

export const listMapRuns =
  (store: Store): Handler<typeof SFN, "ListMapRuns"> =>
  ({ executionArn, maxResults, nextToken }) => {
    const { arn } = store.execution(executionArn);
    const runs = [...store.mapRuns.values()]
      .filter((run) => run.executionArn === arn)
      .sort((a, b) => b.startDate - a.startDate);
    const { items, ...rest } = page(runs, `mapRuns ${arn}`, maxResults, nextToken);
    return {
      mapRuns: items.map((run) => ({
        executionArn: run.executionArn,
        mapRunArn: run.arn,
        stateMachineArn: run.machineArn,
        startDate: new Date(run.startDate),
        ...(run.stopDate === undefined ? {} : { stopDate: new Date(run.stopDate) }),
      })),
      ...rest,
    };
  };

export const describeMapRun =
  (store: Store): Handler<typeof SFN, "DescribeMapRun"> =>
  ({ mapRunArn }) => {
    const run = runAt(store, mapRunArn);
    const described = (counts: Counts) => ({
      ...counts,
      total: Object.values(counts).reduce((sum: number, count: number) => sum + count, 0),
      resultsWritten: run.resultsWritten ? counts.succeeded + counts.failed + counts.timedOut : 0,
      failuresNotRedrivable: 0,
      pendingRedrive: 0,
    });
    return {
      mapRunArn: run.arn,
      executionArn: run.executionArn,
      status: run.status,
      startDate: new Date(run.startDate),
      ...(run.stopDate === undefined ? {} : { stopDate: new Date(run.stopDate) }),
      maxConcurrency: run.maxConcurrency,
      toleratedFailurePercentage: run.toleratedFailurePercentage,
      toleratedFailureCount: run.toleratedFailureCount,
      itemCounts: described(run.items),
      executionCounts: described(run.executions),
      redriveCount: run.redriveCount,
      ...(run.redriveDate === undefined ? {} : { redriveDate: new Date(run.redriveDate) }),
    };
  };

/** Takes effect on the run at work. */
export const updateMapRun =
  (store: Store): Handler<typeof SFN, "UpdateMapRun"> =>
  (input) => {
    const run = runAt(store, input.mapRunArn);
    new Constraints()
      .number("maxConcurrency", input.maxConcurrency, { min: 0 })
      .number("toleratedFailureCount", input.toleratedFailureCount, { min: 0 })
      .number("toleratedFailurePercentage", input.toleratedFailurePercentage, { min: 0, max: 100 })
      .check();
    run.maxConcurrency = input.maxConcurrency === 0 ? 10_000 : (input.maxConcurrency ?? run.maxConcurrency);
    run.toleratedFailureCount = input.toleratedFailureCount ?? run.toleratedFailureCount;
    run.toleratedFailurePercentage = input.toleratedFailurePercentage ?? run.toleratedFailurePercentage;
    store.mapRuns.set(run.arn, run);
    return {};
  };
