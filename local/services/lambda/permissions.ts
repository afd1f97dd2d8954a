/** What a caller needs for an operation ("Actions, resources, and condition keys for AWS Lambda"). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import { tryReadFunctionName } from "./function-name.ts";

/** Operations whose action has another name. */
const ACTIONS: Readonly<Record<string, string>> = { Invoke: "InvokeFunction" };
/** Operations without a resource. */
const UNSPECIFIC = new Set([
  "CreateEventSourceMapping",
  "GetAccountSettings",
  "ListEventSourceMappings",
  "ListFunctions",
  "ListLayers",
  "ListLayerVersions",
]);
/** Operations that are about a version or alias when they name one. */
const QUALIFIED = new Set([
  "AddPermission",
  "DeleteFunction",
  "GetFunction",
  "GetFunctionConfiguration",
  "GetPolicy",
  "Invoke",
  "RemovePermission",
]);

export function permissionsOf(
  cloud: Pick<Cloud, "arn">,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): readonly Permission[] {
  const action = `lambda:${ACTIONS[operation] ?? operation}`;
  const resource = resourceOf(cloud, operation, input);
  const { Role: role } = input;
  // Whoever gives a role to a function must be allowed to pass it.
  const passes = typeof role === "string" && /^(Create|Update)Function/.test(operation);
  return [
    { action, resource },
    ...(passes
      ? [{ action: "iam:PassRole", resource: role, context: { "iam:PassedToService": "lambda.amazonaws.com" } }]
      : []),
  ];
}

function resourceOf(cloud: Pick<Cloud, "arn">, operation: string, input: Readonly<Record<string, unknown>>): string {
  if (UNSPECIFIC.has(operation)) return "*";
  const { UUID: uuid, Resource: arn, LayerName: layer, VersionNumber: version } = input;
  if (operation.endsWith("EventSourceMapping")) return cloud.arn("lambda", `event-source-mapping:${String(uuid)}`);
  if (typeof arn === "string") return arn;
  if (typeof layer === "string") {
    const name = layer.slice(layer.lastIndexOf(":") + 1);
    return cloud.arn("lambda", `layer:${name}${version === undefined ? "" : `:${String(version)}`}`);
  }
  const reference = tryReadFunctionName(input["FunctionName"], input["Qualifier"]);
  if (reference === undefined) return "*";
  const suffix = QUALIFIED.has(operation) && reference.qualifier !== undefined ? `:${reference.qualifier}` : "";
  return cloud.arn("lambda", `function:${reference.name}${suffix}`);
}
