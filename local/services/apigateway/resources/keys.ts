/** AWS::ApiGateway::ApiKey, UsagePlan, UsagePlanKey and Account. */
import type { ApiStage, PatchOperation, QuotaPeriodType } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import {
  flag,
  isChanged,
  number,
  object,
  objects,
  requiredText,
  tags,
  text,
  unlessGone,
} from "../shared-management/template-properties.ts";

export const apiKeyProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    CustomerId: true,
    Description: true,
    Enabled: true,
    GenerateDistinctId: true,
    Name: true,
    StageKeys: true,
    Tags: true,
    Value: true,
  },
  async create(properties, context) {
    const stageKeys = objects(properties, "StageKeys").map((stage) =>
      given({ restApiId: text(stage, "RestApiId"), stageName: text(stage, "StageName") }),
    );
    const input = {
      name: text(properties, "Name") ?? context.physicalName(128),
      enabled: flag(properties, "Enabled") ?? false,
      stageKeys,
      tags: tags(properties, context),
      ...given({
        customerId: text(properties, "CustomerId"),
        description: text(properties, "Description"),
        generateDistinctId: flag(properties, "GenerateDistinctId"),
        value: text(properties, "Value"),
      }),
    };
    const { id = "" } = await cloud.call("apigateway", "CreateApiKey", input, ACCOUNT);
    return { physicalId: id, attributes: { APIKeyId: id } };
  },
  async update(id, properties, previous) {
    if (isChanged(properties, previous, "Name", "Value", "GenerateDistinctId")) return "replace";
    const patchOperations: PatchOperation[] = [
      { op: "replace", path: "/enabled", value: String(flag(properties, "Enabled") ?? false) },
      { op: "replace", path: "/description", value: text(properties, "Description") ?? "" },
      { op: "replace", path: "/customerId", value: text(properties, "CustomerId") ?? "" },
    ];
    await cloud.call("apigateway", "UpdateApiKey", { apiKey: id, patchOperations }, ACCOUNT);
    return { physicalId: id, attributes: { APIKeyId: id } };
  },
  delete: (id) => unlessGone(cloud.call("apigateway", "DeleteApiKey", { apiKey: id }, ACCOUNT)),
});

const throttleOf = (properties: Properties | undefined) =>
  properties && given({ burstLimit: number(properties, "BurstLimit"), rateLimit: number(properties, "RateLimit") });

const stagesOf = (properties: Properties): ApiStage[] =>
  objects(properties, "ApiStages").map((stage) => {
    const throttle = object(stage, "Throttle");
    const methods =
      throttle &&
      Object.fromEntries(Object.keys(throttle).map((key) => [key, throttleOf(object(throttle, key)) ?? {}]));
    return {
      apiId: requiredText(stage, "ApiId"),
      stage: requiredText(stage, "Stage"),
      ...given({ throttle: methods }),
    };
  });

function quotaOf(properties: Properties) {
  const quota = object(properties, "Quota");
  return (
    quota &&
    given({
      limit: number(quota, "Limit"),
      offset: number(quota, "Offset"),
      period: text(quota, "Period") as QuotaPeriodType | undefined,
    })
  );
}

export const usagePlanProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    ApiStages: [{ ApiId: true, Stage: true, Throttle: true }],
    Description: true,
    Quota: { Limit: true, Offset: true, Period: true },
    Tags: true,
    Throttle: { BurstLimit: true, RateLimit: true },
    UsagePlanName: true,
  },
  async create(properties, context) {
    const input = {
      name: text(properties, "UsagePlanName") ?? context.physicalName(128),
      apiStages: stagesOf(properties),
      tags: tags(properties, context),
      ...given({
        description: text(properties, "Description"),
        quota: quotaOf(properties),
        throttle: throttleOf(object(properties, "Throttle")),
      }),
    };
    const { id = "" } = await cloud.call("apigateway", "CreateUsagePlan", input, ACCOUNT);
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(id, properties, previous) {
    if (isChanged(properties, previous, "UsagePlanName")) return "replace";
    const patchOperations = [...stagePatches(properties, previous), ...limitPatches(properties, previous)];
    patchOperations.push({ op: "replace", path: "/description", value: text(properties, "Description") ?? "" });
    await cloud.call("apigateway", "UpdateUsagePlan", { usagePlanId: id, patchOperations }, ACCOUNT);
    return { physicalId: id, attributes: { Id: id } };
  },
  async delete(id) {
    await unlessGone(
      (async () => {
        const plan = await cloud.call("apigateway", "GetUsagePlan", { usagePlanId: id }, ACCOUNT);
        const patchOperations = (plan.apiStages ?? []).map((stage) => stagePatch("remove", stage));
        await cloud.call("apigateway", "UpdateUsagePlan", { usagePlanId: id, patchOperations }, ACCOUNT);
        await cloud.call("apigateway", "DeleteUsagePlan", { usagePlanId: id }, ACCOUNT);
      })(),
    );
  },
});

const stagePatch = (op: "add" | "remove", { apiId = "", stage = "" }: ApiStage): PatchOperation => ({
  op,
  path: "/apiStages",
  value: `${apiId}:${stage}`,
});

/** All stages anew, for what is throttled in them may have changed. */
function stagePatches(properties: Properties, previous: Properties): PatchOperation[] {
  const stages = stagesOf(properties);
  return [
    ...stagesOf(previous).map((stage) => stagePatch("remove", stage)),
    ...stages.map((stage) => stagePatch("add", stage)),
    ...stages.flatMap(({ apiId = "", stage = "", throttle = {} }) =>
      Object.entries(throttle).flatMap(([key, limits]) => {
        const cut = key.lastIndexOf("/");
        const at = `/apiStages/${apiId}:${stage}/throttle/${key.slice(0, cut).replaceAll("/", "~1")}/${key.slice(cut + 1)}`;
        return Object.entries(limits).map(([name, value]): PatchOperation => ({
          op: "replace",
          path: `${at}/${name}`,
          value: String(value),
        }));
      }),
    ),
  ];
}

function limitPatches(properties: Properties, previous: Properties): PatchOperation[] {
  const groups = [
    ["throttle", throttleOf(object(properties, "Throttle")), previous["Throttle"]],
    ["quota", quotaOf(properties), previous["Quota"]],
  ] as const;
  return groups.flatMap(([name, limits, before]): PatchOperation[] => [
    ...(before === undefined ? [] : [{ op: "remove", path: `/${name}` } as const]),
    ...Object.entries(limits ?? {}).map(([key, value]): PatchOperation => ({
      op: "replace",
      path: `/${name}/${key}`,
      value: String(value),
    })),
  ]);
}

export const usagePlanKeyProvider = (cloud: Cloud): ResourceProvider => ({
  known: { KeyId: true, KeyType: true, UsagePlanId: true },
  async create(properties) {
    const keyId = requiredText(properties, "KeyId");
    const usagePlanId = requiredText(properties, "UsagePlanId");
    const keyType = requiredText(properties, "KeyType");
    await cloud.call("apigateway", "CreateUsagePlanKey", { keyId, usagePlanId, keyType }, ACCOUNT);
    const physicalId = `${keyId}:${usagePlanId}`;
    return { physicalId, attributes: { Id: physicalId } };
  },
  delete: (_, properties) =>
    unlessGone(
      cloud.call(
        "apigateway",
        "DeleteUsagePlanKey",
        { keyId: requiredText(properties, "KeyId"), usagePlanId: requiredText(properties, "UsagePlanId") },
        ACCOUNT,
      ),
    ),
});

export const accountProvider = (cloud: Cloud): ResourceProvider => {
  const set = async (properties: Properties, physicalId: string) => {
    const role = text(properties, "CloudWatchRoleArn");
    const patchOperations: PatchOperation[] = [
      role === undefined
        ? { op: "remove", path: "/cloudwatchRoleArn" }
        : { op: "replace", path: "/cloudwatchRoleArn", value: role },
    ];
    await cloud.call("apigateway", "UpdateAccount", { patchOperations }, ACCOUNT);
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    known: { CloudWatchRoleArn: true },
    create: (properties, context) => set(properties, context.physicalName(128)),
    update: (id, properties) => set(properties, id),
    // The account's settings outlive the stack, as on AWS.
    delete: () => {},
  };
};
