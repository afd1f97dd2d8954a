import type { Handler } from "../../../core/service.ts";
import type { Mapping } from "../../../lambda/event-sources/mapping.ts";
import { Constraints } from "../../constraints.ts";
import { conflict } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";
import { describe } from "./describe.ts";
import { parametersOf } from "./parameters.ts";
import { checkAccess, kindOf } from "./source-access.ts";

export const createEventSourceMapping =
  (lambda: LambdaService): Handler<LAMBDA, "CreateEventSourceMapping"> =>
  async (input) => {
    new Constraints()
      .text("eventSourceArn", input.EventSourceArn, { required: true, pattern: /^arn:aws[\w-]*:/ })
      .check();
    const eventSourceArn = input.EventSourceArn ?? "";
    const parameters = parametersOf(kindOf(eventSourceArn), input);
    const reference = readFunctionName(input.FunctionName);
    const target = lambda.functions.resolve(reference);
    const same = lambda.eventSources
      .all()
      .find((other) => other.eventSourceArn === eventSourceArn && sameFunction(other, reference));
    if (same)
      throw conflict(
        `The event source arn (" ${eventSourceArn} ") and function (" ${reference.name} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${same.uuid}`,
      );
    await checkAccess(lambda, eventSourceArn, target);
    const mapping: Mapping = {
      uuid: lambda.cloud.uuid(),
      eventSourceArn,
      reference,
      isEnabled: input.Enabled ?? true,
      ...parameters,
      modifiedAt: lambda.cloud.clock.now(),
      tags: { ...input.Tags },
    };
    lambda.eventSources.save(mapping);
    return describe(lambda, mapping, "Creating");
  };

const sameFunction = (mapping: Mapping, { name, qualifier }: Mapping["reference"]): boolean =>
  mapping.reference.name === name && mapping.reference.qualifier === qualifier;
