import type { LocalCloud } from "../../local/cloud.ts";
import { ACCOUNT } from "../../local/core/principal.ts";

const MOST_SHOWN = 40;

/** The names of the states that a Standard execution has entered, in order; repeated runs of one state are counted. */
export async function statesOf(cloud: LocalCloud, executionArn: string): Promise<string[]> {
  if (executionArn.includes(":express:")) return ["(express execution: no history)"];
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await cloud.call(
      "states",
      "GetExecutionHistory",
      { executionArn, ...(nextToken === undefined ? {} : { nextToken }) },
      ACCOUNT,
    );
    for (const { stateEnteredEventDetails: entered } of page.events ?? []) if (entered?.name) names.push(entered.name);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return squeeze(names);
}

function squeeze(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shown = [...counts].map(([name, count]) => (count > 1 ? `${name} ×${count}` : name));
  return shown.length > MOST_SHOWN ? [...shown.slice(0, MOST_SHOWN), `… ${shown.length - MOST_SHOWN} more`] : shown;
}
