/** AWS::Lambda::Version and AWS::Lambda::Alias. */
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { publish } from "../versions/publish-version.ts";
import { defined, differs, fields, list, number, text } from "./properties.ts";

export const versionProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    CodeSha256: true,
    Description: true,
    FunctionName: true,
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: true },
  },
  async create(properties) {
    const { name } = readFunctionName(text(properties["FunctionName"]));
    const description = text(properties["Description"]);
    // A version resource of its own for every change of a folder, even where the bundle is the same.
    const isNew = lambda.functions.get(name).latest.code.kind === "local";
    const { Version: version = "" } = await publish(lambda, name, { ...defined({ description }), isNew });
    const arn = lambda.functions.arn(name, version);
    await provision(lambda, arn, properties);
    return { physicalId: arn, attributes: { Version: version, FunctionArn: arn } };
  },
  async delete(arn) {
    await unlessGone(lambda.cloud.call("lambda", "DeleteFunction", { FunctionName: arn }, ACCOUNT));
  },
});

export const aliasProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    Description: true,
    FunctionName: true,
    FunctionVersion: true,
    Name: true,
    ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: true },
    RoutingConfig: { AdditionalVersionWeights: [{ FunctionVersion: true, FunctionWeight: true }] },
  },
  async create(properties) {
    const { AliasArn: arn = "" } = await lambda.cloud.call("lambda", "CreateAlias", aliasOf(properties), ACCOUNT);
    await provision(lambda, arn, properties);
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  async update(arn, properties, previous) {
    if (differs(["FunctionName", "Name"], properties, previous)) return "replace";
    await lambda.cloud.call("lambda", "UpdateAlias", aliasOf(properties), ACCOUNT);
    await provision(lambda, arn, properties);
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  async delete(arn) {
    const { name, qualifier = "" } = readFunctionName(arn);
    await unlessGone(lambda.cloud.call("lambda", "DeleteAlias", { FunctionName: name, Name: qualifier }, ACCOUNT));
  },
});

function aliasOf(properties: Properties) {
  const weights = list(fields(properties["RoutingConfig"])?.["AdditionalVersionWeights"]) ?? [];
  return {
    FunctionName: text(properties["FunctionName"]),
    Name: text(properties["Name"]),
    FunctionVersion: text(properties["FunctionVersion"]),
    Description: text(properties["Description"]) ?? "",
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        weights.map((weight) => {
          const { FunctionVersion: version, FunctionWeight: share } = fields(weight) ?? {};
          return [String(version), Number(share)];
        }),
      ),
    },
  };
}

async function provision(lambda: LambdaService, arn: string, properties: Properties): Promise<void> {
  const config = fields(properties["ProvisionedConcurrencyConfig"]);
  const count = config && number(config, "ProvisionedConcurrentExecutions");
  if (count === undefined) return;
  const { name, qualifier = "" } = readFunctionName(arn);
  const input = { FunctionName: name, Qualifier: qualifier, ProvisionedConcurrentExecutions: count };
  await lambda.cloud.call("lambda", "PutProvisionedConcurrencyConfig", input, ACCOUNT);
}

/** What is deleted already needs no deleting. */
export async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isServiceError(error) || error.name !== "ResourceNotFoundException") throw error;
  }
}
