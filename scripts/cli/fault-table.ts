/** Failures on purpose, as a person reads them. */
import type { ArmedFault } from "../../local/core/faults.ts";
import { milliseconds, table } from "./terminal.ts";

export const tableOf = (faults: readonly ArmedFault[]): string =>
  table(
    ["id", "call", "what happens to it", "whose", "hits"],
    faults.map((fault) => [
      fault.id,
      `${fault.service} ${fault.operation ?? "(any)"}`,
      effectOf(fault),
      fault.role ?? "everybody's but the account's",
      fault.times === undefined ? String(fault.hits) : `${fault.hits} of ${fault.times}`,
    ]),
  );

function effectOf({ error, afterwards, latencyMs, rate, after, matching }: ArmedFault): string {
  const name = error === undefined ? undefined : error === "throttle" ? "throttled" : error.name;
  return [
    latencyMs === undefined ? undefined : `${milliseconds(latencyMs)} slower`,
    name === undefined ? undefined : afterwards ? `${name} after it was done` : name,
    rate === undefined ? undefined : `${rate * 100} % of them`,
    after === undefined ? undefined : `after the first ${after}`,
    matching === undefined ? undefined : `if about ${JSON.stringify(matching)}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");
}
