/** AWS::Serverless::Function. */
import { inside } from "../../template-error.ts";
import { getAtt, ref, type Fields } from "../../value.ts";
import { functionCode } from "../code.ts";
import { lowerEvents } from "../events/index.ts";
import { checkProperties, fieldsOf, invalid, type Lowering, type SamResource, tagList, textOf } from "../lowering.ts";
import { addRole, allow, managedPolicy, trust } from "../roles.ts";
import { lowerFunctionUrl } from "./function-url.ts";
import { lowerInvokeConfig } from "./invoke-config.ts";
import { lowerPublishing } from "./publishing.ts";

/** Properties that AWS::Lambda::Function has under the same name. */
const PASSED = [
  "Description",
  "EphemeralStorage",
  "FunctionName",
  "Handler",
  "KmsKeyArn",
  "Layers",
  "LoggingConfig",
  "MemorySize",
  "RecursiveLoop",
  "ReservedConcurrentExecutions",
  "Runtime",
  "SnapStart",
  "Timeout",
  "VpcConfig",
  "Environment",
  "Architectures",
];

const LOWERED = [
  "AssumeRolePolicyDocument",
  "AutoPublishAlias",
  "AutoPublishAliasAllProperties",
  "AutoPublishCodeSha256",
  "CodeUri",
  "DeadLetterQueue",
  "DeploymentPreference",
  "EventInvokeConfig",
  "Events",
  "FunctionUrlConfig",
  "InlineCode",
  "PackageType",
  "PermissionsBoundary",
  "Policies",
  "ProvisionedConcurrencyConfig",
  "Role",
  "RolePath",
  "Tags",
  "Tracing",
  "VersionDescription",
];

const PASSED_OVER = [
  "CodeSigningConfigArn",
  "FileSystemConfigs",
  "ImageConfig",
  "PropagateTags",
  "RuntimeManagementConfig",
  "SourceKMSKeyArn",
  "VersionDeletionPolicy",
];

export function lowerFunction(lowering: Lowering, resource: SamResource): void {
  const { id, properties } = resource;
  checkProperties(lowering, resource, [...PASSED, ...LOWERED], PASSED_OVER);
  const path = inside(resource.path, "Properties");
  const packageType = textOf(lowering.known(properties["PackageType"])) ?? "Zip";
  if (packageType !== "Zip")
    throw invalid(id, "The local cloud runs no container images.", inside(path, "PackageType"));
  for (const name of ["Handler", "Runtime"])
    if (properties[name] === undefined)
      throw invalid(
        id,
        `Properties 'Handler' and 'Runtime' are required for functions of the package type Zip.`,
        inside(path, name),
      );

  const code = functionCode(lowering, resource);
  const aliasId = lowerPublishing(lowering, resource, code);
  const additions = lowerEvents(
    lowering,
    {
      kind: "function",
      resource,
      reference: ref(aliasId ?? id),
      arn: aliasId === undefined ? getAtt(id, "Arn") : ref(aliasId),
      variable: aliasId ?? `${id}.Arn`,
    },
    properties["Events"],
  );
  const destinations = lowerInvokeConfig(lowering, resource, aliasId);
  lowerFunctionUrl(lowering, resource, aliasId);

  const tracing = textOf(lowering.known(properties["Tracing"]));
  const tags = tagList({ "lambda:createdBy": "SAM" }, fieldsOf(properties["Tags"]));
  lowering.add(
    id,
    "AWS::Lambda::Function",
    {
      Code: code,
      ...Object.fromEntries(PASSED.map((name) => [name, properties[name]])),
      Role: properties["Role"] ?? getAtt(`${id}Role`, "Arn"),
      DeadLetterConfig: deadLetter(resource)?.config,
      Tags: tags,
      TracingConfig:
        tracing === undefined || tracing === "Disabled" ? undefined : { Mode: properties["Tracing"] ?? tracing },
    },
    resource.attributes,
  );
  if (properties["Role"] !== undefined) return;
  addRole(lowering, {
    id: `${id}Role`,
    trust: properties["AssumeRolePolicyDocument"] ?? trust("lambda.amazonaws.com"),
    managed: [
      managedPolicy("service-role/AWSLambdaBasicExecutionRole"),
      ...(tracing === "Active" || tracing === "PassThrough" ? [managedPolicy("AWSXrayWriteOnlyAccess")] : []),
      ...(properties["VpcConfig"] === undefined ? [] : [managedPolicy("service-role/AWSLambdaVPCAccessExecutionRole")]),
    ],
    inline: [...(deadLetter(resource)?.policies ?? []), ...additions.inline, ...destinations],
    policies: properties["Policies"],
    policiesPath: inside(path, "Policies"),
    managedAfter: additions.managed.map(managedPolicy),
    boundary: properties["PermissionsBoundary"],
    rolePath: properties["RolePath"],
    tags,
    attributes: resource.passed,
  });
}

function deadLetter(
  resource: SamResource,
): { readonly config: Fields; readonly policies: readonly Fields[] } | undefined {
  const given = resource.properties["DeadLetterQueue"];
  if (given === undefined) return undefined;
  const { Type: type, TargetArn: arn } = fieldsOf(given);
  const action = type === "SQS" ? "sqs:SendMessage" : type === "SNS" ? "sns:Publish" : undefined;
  if (action === undefined || arn === undefined)
    throw invalid(
      resource.id,
      "'DeadLetterQueue' requires Type and TargetArn properties to be specified. 'DeadLetterQueue' requires Type of SNS or SQS",
      inside(resource.path, "Properties.DeadLetterQueue"),
    );
  return { config: { TargetArn: arn }, policies: [allow("DeadLetterQueuePolicy", action, arn, true)] };
}
