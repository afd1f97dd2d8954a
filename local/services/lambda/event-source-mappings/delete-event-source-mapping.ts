import type { Handler } from "../../../core/service.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";
import { describe, findMapping } from "./describe.ts";

export const deleteEventSourceMapping =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteEventSourceMapping"> =>
  (input) => {
    const mapping = findMapping(lambda, input.UUID);
    lambda.eventSources.delete(mapping.uuid);
    return describe(lambda, mapping, "Deleting");
  };
