/** AWS::ApiGateway::Deployment and AWS::ApiGateway::Stage. */
import type { PatchOperation } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import {
  flag,
  isChanged,
  object,
  requiredText,
  tags,
  text,
  textMap,
  unlessGone,
} from "../shared-management/template-properties.ts";

const apiOf = (properties: Properties): string => requiredText(properties, "RestApiId");

export const deploymentProvider = (cloud: Cloud): ResourceProvider => ({
  known: { Description: true, RestApiId: true, StageDescription: true, StageName: true },
  async create(properties) {
    const { StageDescription: settings } = properties;
    if (settings !== undefined && typeof settings !== "string")
      throw new ServiceError(
        "NotImplemented",
        "The local cloud does not implement StageDescription; use AWS::ApiGateway::Stage",
        {
          status: 501,
        },
      );
    const input = given({ description: text(properties, "Description"), stageName: text(properties, "StageName") });
    const { id = "" } = await cloud.call(
      "apigateway",
      "CreateDeployment",
      { restApiId: apiOf(properties), ...input },
      ACCOUNT,
    );
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
  async update(id, properties, previous) {
    // A changed description alone deploys nothing anew.
    if (isChanged(properties, previous, "RestApiId", "StageName")) return "replace";
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
  async delete(id, properties) {
    const restApiId = apiOf(properties);
    const stageName = text(properties, "StageName");
    // The stage that it made goes with it.
    if (stageName !== undefined) await unlessGone(removeStage(cloud, restApiId, stageName, id));
    await unlessGone(cloud.call("apigateway", "DeleteDeployment", { restApiId, deploymentId: id }, ACCOUNT));
  },
});

async function removeStage(cloud: Cloud, restApiId: string, stageName: string, deploymentId: string): Promise<void> {
  const stage = await cloud.call("apigateway", "GetStage", { restApiId, stageName }, ACCOUNT);
  if (stage.deploymentId === deploymentId)
    await cloud.call("apigateway", "DeleteStage", { restApiId, stageName }, ACCOUNT);
}

export const stageProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    AccessLogSetting: { DestinationArn: true, Format: true },
    CacheClusterEnabled: true,
    DeploymentId: true,
    Description: true,
    MethodSettings: true,
    RestApiId: true,
    StageName: true,
    Tags: true,
    TracingEnabled: true,
    Variables: true,
  },
  async create(properties, context) {
    const stageName = requiredText(properties, "StageName");
    const target = { restApiId: apiOf(properties), stageName };
    const input = given({
      description: text(properties, "Description"),
      tracingEnabled: flag(properties, "TracingEnabled"),
      variables: textMap(properties, "Variables"),
      cacheClusterEnabled: flag(properties, "CacheClusterEnabled"),
    });
    const deploymentId = requiredText(properties, "DeploymentId");
    await cloud.call(
      "apigateway",
      "CreateStage",
      { ...target, deploymentId, ...input, tags: tags(properties, context) },
      ACCOUNT,
    );
    const patchOperations = [...logPatches(properties), ...settingPatches(properties)];
    if (patchOperations.length > 0)
      await cloud.call("apigateway", "UpdateStage", { ...target, patchOperations }, ACCOUNT);
    return { physicalId: stageName };
  },
  async update(name, properties, previous) {
    if (isChanged(properties, previous, "RestApiId", "StageName")) return "replace";
    const variables = textMap(properties, "Variables") ?? {};
    const patchOperations: PatchOperation[] = [
      { op: "replace", path: "/deploymentId", value: requiredText(properties, "DeploymentId") },
      { op: "replace", path: "/description", value: text(properties, "Description") ?? "" },
      { op: "replace", path: "/tracingEnabled", value: String(flag(properties, "TracingEnabled") ?? false) },
      ...Object.keys(textMap(previous, "Variables") ?? {})
        .filter((key) => !(key in variables))
        .map((key): PatchOperation => ({ op: "remove", path: `/variables/${key}` })),
      ...Object.entries(variables).map(([key, value]): PatchOperation => ({
        op: "replace",
        path: `/variables/${key}`,
        value,
      })),
      ...(previous["AccessLogSetting"] === undefined ? [] : [{ op: "remove", path: "/accessLogSettings" } as const]),
      ...logPatches(properties),
      ...settingsOf(previous).map(({ key }): PatchOperation => ({ op: "remove", path: key })),
      ...settingPatches(properties),
    ];
    await cloud.call(
      "apigateway",
      "UpdateStage",
      { restApiId: apiOf(properties), stageName: name, patchOperations },
      ACCOUNT,
    );
    return { physicalId: name };
  },
  delete: (stageName, properties) =>
    unlessGone(cloud.call("apigateway", "DeleteStage", { restApiId: apiOf(properties), stageName }, ACCOUNT)),
});

function logPatches(properties: Properties): PatchOperation[] {
  const log = object(properties, "AccessLogSetting");
  if (!log) return [];
  return [
    { op: "replace", path: "/accessLogSettings/destinationArn", value: requiredText(log, "DestinationArn") },
    { op: "replace", path: "/accessLogSettings/format", value: requiredText(log, "Format") },
  ];
}

const PATHS: Readonly<Record<string, string>> = {
  DataTraceEnabled: "logging/dataTrace",
  LoggingLevel: "logging/loglevel",
  MetricsEnabled: "metrics/enabled",
  ThrottlingBurstLimit: "throttling/burstLimit",
  ThrottlingRateLimit: "throttling/rateLimit",
};

/** Settings with the patch path that they lie at: `/~1jobs/POST`. */
function settingsOf(properties: Properties): { readonly key: string; readonly setting: Properties }[] {
  const { MethodSettings: given } = properties;
  return (Array.isArray(given) ? given : []).flatMap((item) => {
    const setting = object({ item }, "item");
    if (!setting) return [];
    const path = text(setting, "ResourcePath") ?? "/*";
    // `/*` is all resources; a slash at the beginning belongs to a path, and is not part of its setting.
    const resource =
      path === "/*" || path === "*" ? "*" : path.replace(/^\//, "").replaceAll("~1", "/").replaceAll("/", "~1");
    return [{ key: `/${resource}/${text(setting, "HttpMethod") ?? "*"}`, setting }];
  });
}

function settingPatches(properties: Properties): PatchOperation[] {
  return settingsOf(properties).flatMap(({ key, setting }) =>
    Object.keys(setting).flatMap((name): PatchOperation[] => {
      if (name === "HttpMethod" || name === "ResourcePath") return [];
      const path = PATHS[name];
      if (path === undefined)
        throw new ServiceError("NotImplemented", `The local cloud does not implement the method setting ${name}`, {
          status: 501,
        });
      return [{ op: "replace", path: `${key}/${path}`, value: text(setting, name) ?? "" }];
    }),
  );
}
