/** Parameters from before there were expressions. They are refused, so that nobody takes them for done. */
import { invalid } from "../validation.ts";

const SUCCESSORS: Readonly<Record<string, string>> = {
  AttributesToGet: "ProjectionExpression",
  AttributeUpdates: "UpdateExpression",
  ConditionalOperator: "ConditionExpression or FilterExpression",
  Expected: "ConditionExpression",
  KeyConditions: "KeyConditionExpression",
  QueryFilter: "FilterExpression",
  ScanFilter: "FilterExpression",
};

/** Throws ValidationException when the input has a legacy parameter. */
export function refuseLegacy(input: object): void {
  for (const [name, successor] of Object.entries(SUCCESSORS)) {
    if (Object.hasOwn(input, name) && Reflect.get(input, name) != null) {
      throw invalid(`The local cloud does not support the legacy parameter ${name}; use ${successor}`);
    }
  }
}
