/** The Globals section: what it may hold and how it is merged into resources (Globals section of the AWS SAM template). */
import { inside, TemplateError } from "../template-error.ts";
import { isFields, isList, valueFunction, type Fields, type Value } from "../value.ts";

const SUPPORTED: Readonly<Record<string, readonly string[]>> = {
  Function:
    "Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig Environment Tags PropagateTags Tracing KmsKeyArn AutoPublishAlias AutoPublishAliasAllProperties Layers DeploymentPreference RolePath PermissionsBoundary ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument EventInvokeConfig FileSystemConfigs CodeSigningConfigArn Architectures SnapStart EphemeralStorage FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn".split(
      " ",
    ),
  Api: "Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Domain AlwaysDeploy PropagateTags".split(
    " ",
  ),
  HttpApi:
    "Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings Domain RouteSettings FailOnWarnings PropagateTags".split(
      " ",
    ),
  SimpleTable: ["SSESpecification"],
  StateMachine: ["PropagateTags"],
  LayerVersion: ["PublishLambdaVersion"],
};

/** Globals by resource type. Throws TemplateError for what the section cannot hold. */
export function readGlobals(section: Value | undefined): Readonly<Record<string, Fields>> {
  if (section === undefined) return {};
  const globals: Record<string, Fields> = {};
  const fail = (what: string, path: string) =>
    new TemplateError(
      `Invalid Serverless Application Specification document. Number of errors found: 1. 'Globals' section is invalid. ${what}`,
      path,
    );
  if (!isFields(section)) throw fail("It must be a non-empty dictionary", "Globals");
  for (const [kind, properties] of Object.entries(section)) {
    const path = inside("Globals", kind);
    const supported = SUPPORTED[kind];
    if (!supported)
      throw fail(
        `'${kind}' is not supported. Must be one of the following values - [${Object.keys(SUPPORTED).join(", ")}]`,
        path,
      );
    if (!isFields(properties)) throw fail(`Value of ${kind} must be a dictionary`, path);
    for (const name of Object.keys(properties))
      if (!supported.includes(name))
        throw fail(
          `'${name}' is not a supported property of '${kind}'. Must be one of the following values - [${supported.join(", ")}]`,
          inside(path, name),
        );
    globals[`AWS::Serverless::${kind}`] = properties;
  }
  return globals;
}

/** Objects are merged member by member, lists are joined (global items first), anything else is the resource's own. */
export function merge(global: Value, own: Value): Value {
  if (isList(global) && isList(own)) return [...global, ...own];
  if (!isPlain(global) || !isPlain(own)) return own;
  const result: Record<string, Value> = { ...global };
  for (const [name, value] of Object.entries(own)) {
    const base = result[name];
    result[name] = base === undefined ? value : merge(base, value);
  }
  return result;
}

// A function such as Ref is a value, not an object to be merged into.
const isPlain = (value: Value): value is Fields => isFields(value) && valueFunction(value) === undefined;
