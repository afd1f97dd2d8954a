import { Constraints } from "../../constraints.ts";
import { invalid } from "../validation.ts";

const KNOWN = ["ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"] as const;
export type ReturnValues = (typeof KNOWN)[number];

/** What a write is to answer. Throws ValidationException for a value that the operation does not know. */
export function checkReturnValues(given: string | undefined, allowed: readonly ReturnValues[]): ReturnValues {
  if (given === undefined) return "NONE";
  new Constraints().text("returnValues", given, { oneOf: KNOWN }).check();
  const value = KNOWN.find((known) => known === given) ?? "NONE";
  if (value !== "NONE" && !allowed.includes(value)) throw invalid("ReturnValues can only be ALL_OLD or NONE");
  return value;
}
