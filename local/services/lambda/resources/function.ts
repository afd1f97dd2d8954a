/** AWS::Lambda::Function. */
import type { CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../../core/service.ts";
import { ACCOUNT_LIMIT, LEAST_UNRESERVED } from "../concurrency/limits.ts";
import { invalid } from "../errors.ts";
import { create } from "../functions/create-function.ts";
import { type Package, packageOf, readPackage } from "../functions/package.ts";
import { changeCode } from "../functions/update-function-code.ts";
import { changeConfiguration } from "../functions/update-function-configuration.ts";
import type { LambdaService } from "../lambda-service.ts";
import { specOf } from "../spec.ts";
import { defined, differs, fields, number, tagsOf, text, texts } from "./properties.ts";

const REPLACING = ["FunctionName", "PackageType"];

export const functionProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    Architectures: true,
    Code: {
      Local: { folder: true, buildMethod: true, buildProperties: true },
      S3Bucket: true,
      S3Key: true,
      S3ObjectVersion: true,
      ZipFile: true,
    },
    DeadLetterConfig: { TargetArn: true },
    Description: true,
    Environment: { Variables: true },
    EphemeralStorage: { Size: true },
    FunctionName: true,
    Handler: true,
    KmsKeyArn: true,
    Layers: true,
    LoggingConfig: { ApplicationLogLevel: true, LogFormat: true, LogGroup: true, SystemLogLevel: true },
    MemorySize: true,
    PackageType: true,
    RecursiveLoop: true,
    ReservedConcurrentExecutions: true,
    Role: true,
    Runtime: true,
    SnapStart: { ApplyOn: true },
    Tags: [{ Key: true, Value: true }],
    Timeout: true,
    TracingConfig: { Mode: true },
  },
  async create(properties, context) {
    const name = text(properties["FunctionName"]) ?? context.physicalName(64);
    const code = await codeOf(lambda, properties);
    const input = { ...configurationOf(properties), FunctionName: name, Tags: tagsOf(properties, context.tags) };
    await create(lambda, input, code);
    try {
      applyLimits(lambda, name, properties);
    } catch (error) {
      // CloudFormation takes back what it could not finish.
      lambda.deleteFunction(lambda.functions.get(name));
      throw error;
    }
    return stateOf(lambda, name);
  },
  async update(name, properties, previous, context) {
    if (differs(REPLACING, properties, previous)) return "replace";
    await changeInPlace(lambda, name, properties, context);
    return stateOf(lambda, name);
  },
  delete(name) {
    try {
      lambda.deleteFunction(lambda.functions.get(name));
    } catch (error) {
      if (!isServiceError(error) || error.name !== "ResourceNotFoundException") throw error;
    }
  },
});

async function changeInPlace(
  lambda: LambdaService,
  name: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  const before = lambda.functions.get(name);
  const code = await codeOf(lambda, properties);
  const wanted = configurationOf(properties);
  const { Description: description = "", Timeout: timeout = 3, MemorySize: memory = 128 } = wanted;
  changeConfiguration(lambda, {
    FunctionName: name,
    // What left the template goes back to its default.
    Environment: { Variables: {} },
    DeadLetterConfig: { TargetArn: "" },
    TracingConfig: { Mode: "PassThrough" },
    Layers: [],
    KMSKeyArn: "",
    EphemeralStorage: { Size: 512 },
    ...wanted,
    Description: description,
    Timeout: timeout,
    MemorySize: memory,
  });
  if (code.codeSha256 !== before.latest.codeSha256) changeCode(lambda, name, code);
  const record = lambda.functions.save({ ...lambda.functions.get(name), tags: tagsOf(properties, context.tags) });
  // A folder's files may have changed without the template.
  lambda.runtime.reload(specOf(lambda.functions, record, record.latest));
  applyLimits(lambda, name, properties);
}

const stateOf = (lambda: LambdaService, name: string): ResourceState => ({
  physicalId: name,
  attributes: { Arn: lambda.functions.arn(name) },
});

/** A folder of the repository, source text, or a package in S3. */
async function codeOf(lambda: LambdaService, properties: Properties): Promise<Package> {
  const code = fields(properties["Code"]) ?? {};
  const local = fields(code["Local"]);
  if (local !== undefined) {
    const folder = text(local["folder"]);
    if (folder === undefined) throw invalid("Code.Local has no folder");
    const buildProperties = fields(local["buildProperties"]);
    const buildMethod = text(local["buildMethod"]);
    return packageOf({ kind: "local", folder, ...defined({ buildMethod, buildProperties }) });
  }
  const source = text(code["ZipFile"]);
  if (source !== undefined) return packageOf({ kind: "inline", source });
  const [S3Bucket, S3Key, S3ObjectVersion] = ["S3Bucket", "S3Key", "S3ObjectVersion"].map((key) => text(code[key]));
  return readPackage(lambda, defined({ S3Bucket, S3Key, S3ObjectVersion }), ACCOUNT);
}

type Wanted = Omit<CreateFunctionRequest, "Code" | "FunctionName">;

function configurationOf(properties: Properties): Wanted {
  const variables = fields(fields(properties["Environment"])?.["Variables"]);
  const deadLetter = fields(properties["DeadLetterConfig"]);
  const tracing = fields(properties["TracingConfig"]);
  const snapStart = fields(properties["SnapStart"]);
  const ephemeral = fields(properties["EphemeralStorage"]);
  // CreateFunction checks the values; here they only get their types.
  return defined({
    Role: text(properties["Role"]),
    Handler: text(properties["Handler"]),
    Runtime: text(properties["Runtime"]),
    Description: text(properties["Description"]),
    Timeout: number(properties, "Timeout"),
    MemorySize: number(properties, "MemorySize"),
    PackageType: text(properties["PackageType"]),
    Architectures: texts(properties["Architectures"]),
    Layers: texts(properties["Layers"]),
    KMSKeyArn: text(properties["KmsKeyArn"]),
    Environment: variables && {
      Variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    },
    DeadLetterConfig: deadLetter && { TargetArn: text(deadLetter["TargetArn"]) },
    TracingConfig: tracing && { Mode: text(tracing["Mode"]) },
    SnapStart: snapStart && { ApplyOn: text(snapStart["ApplyOn"]) },
    EphemeralStorage: ephemeral && { Size: number(ephemeral, "Size") },
    LoggingConfig: fields(properties["LoggingConfig"]),
  }) as Wanted;
}

/** Reserved concurrency and loop detection, which have operations of their own. */
function applyLimits(lambda: LambdaService, name: string, properties: Properties): void {
  const record = lambda.functions.get(name);
  const reserved = number(properties, "ReservedConcurrentExecutions");
  const left = lambda.concurrency.unreserved + (record.reserved ?? 0) - (reserved ?? 0);
  if (reserved !== undefined && left < LEAST_UNRESERVED)
    throw invalid(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}]. The account has ${ACCOUNT_LIMIT}.`,
    );
  const recursion = text(properties["RecursiveLoop"]) === "Allow" ? "Allow" : "Terminate";
  lambda.functions.save({ ...record, reserved, recursion });
}
