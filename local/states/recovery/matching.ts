/** Which errors the names in ErrorEquals stand for (Error handling, Step Functions developer guide). */
import type { StatesFailure } from "../failure.ts";

/** States.ALL leaves these alone; States.Runtime cannot be matched at all. */
const TERMINAL = new Set(["States.DataLimitExceeded", "States.Runtime"]);

/** True when one of the names stands for the failure. */
export function matchesError(
  names: readonly string[],
  { error = "", alsoKnownAs }: Pick<StatesFailure, "error" | "alsoKnownAs">,
): boolean {
  if (error === "States.Runtime") return false;
  return names.some((name) => {
    if (name === error || alsoKnownAs.includes(name)) return true;
    if (name === "States.ALL") return !TERMINAL.has(error);
    // A wildcard for every known error but timeouts.
    return name === "States.TaskFailed" && error !== "States.Timeout" && !TERMINAL.has(error);
  });
}
