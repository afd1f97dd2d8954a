/** AWS::Lambda::EventInvokeConfig. */
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import type { LambdaService } from "../lambda-service.ts";
import { defined, differs, fields, number, text } from "./properties.ts";
import { unlessGone } from "./version-and-alias.ts";

export const eventInvokeConfigProvider = (lambda: LambdaService): ResourceProvider => {
  const put = (properties: Properties) => {
    const { OnSuccess: success, OnFailure: failure } = fields(properties["DestinationConfig"]) ?? {};
    const destination = (value: unknown) => defined({ Destination: text(fields(value)?.["Destination"]) });
    const input = {
      ...functionOf(properties),
      ...defined({
        MaximumEventAgeInSeconds: number(properties, "MaximumEventAgeInSeconds"),
        MaximumRetryAttempts: number(properties, "MaximumRetryAttempts"),
      }),
      DestinationConfig: { OnSuccess: destination(success), OnFailure: destination(failure) },
    };
    return lambda.cloud.call("lambda", "PutFunctionEventInvokeConfig", input, ACCOUNT);
  };
  return {
    known: {
      DestinationConfig: { OnFailure: { Destination: true }, OnSuccess: { Destination: true } },
      FunctionName: true,
      MaximumEventAgeInSeconds: true,
      MaximumRetryAttempts: true,
      Qualifier: true,
    },
    async create(properties, context) {
      await put(properties);
      return { physicalId: context.physicalName(128) };
    },
    async update(physicalId, properties, previous) {
      if (differs(["FunctionName", "Qualifier"], properties, previous)) return "replace";
      await put(properties);
      return { physicalId };
    },
    async delete(_, properties) {
      await unlessGone(lambda.cloud.call("lambda", "DeleteFunctionEventInvokeConfig", functionOf(properties), ACCOUNT));
    },
  };
};

const functionOf = (properties: Properties) => ({
  FunctionName: text(properties["FunctionName"]),
  Qualifier: text(properties["Qualifier"]) ?? "$LATEST",
});
