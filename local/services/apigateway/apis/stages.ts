/** Deployments and stages. */
import type { MethodSetting, Stage } from "@aws-sdk/client-api-gateway";
import type { Handlers, Input } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import { badRequest, conflict, member, page, type RestApis, type Sdk, type StoredApi, unsupported } from "../store.ts";
import { applyPatch, booleanOf, type Change, numberOf } from "./patch.ts";

export function stageHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    CreateDeployment({ restApiId, stageName, description, variables, stageDescription, tracingEnabled, ...rest }) {
      const api = apis.byId(restApiId);
      if (rest.canarySettings) throw unsupported("canary deployments");
      const methods = Object.values(api.resources).flatMap(({ resourceMethods }) =>
        Object.values(resourceMethods ?? {}),
      );
      if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
      if (methods.some(({ methodIntegration }) => !methodIntegration))
        throw badRequest("No integration defined for method");
      const deployment = apis.deploy(api, description);
      if (stageName !== undefined) {
        const stage = api.stages[stageName];
        if (stage) stage.deploymentId = deployment.id;
        else
          addStage(apis, api, {
            stageName,
            deploymentId: deployment.id,
            variables,
            description: stageDescription,
            tracingEnabled,
          });
        apis.save(api);
      }
      return deployment;
    },
    GetDeployment: ({ restApiId, deploymentId }) =>
      member(apis.byId(restApiId).deployments, "Deployment", deploymentId).shape,
    GetDeployments: ({ restApiId, limit, position }) =>
      page(
        Object.values(apis.byId(restApiId).deployments).map(({ shape }) => shape),
        limit,
        position,
      ),
    DeleteDeployment({ restApiId, deploymentId }) {
      const api = apis.byId(restApiId);
      const id = member(api.deployments, "Deployment", deploymentId).shape.id ?? "";
      if (Object.values(api.stages).some((stage) => stage.deploymentId === id))
        throw badRequest("Active stages pointing to this deployment must be moved or deleted");
      delete api.deployments[id];
      apis.save(api);
      return {};
    },
    CreateStage({ restApiId, ...input }) {
      const api = apis.byId(restApiId);
      const stage = addStage(apis, api, input);
      apis.save(api);
      return stage;
    },
    GetStage: ({ restApiId, stageName }) => member(apis.byId(restApiId).stages, "stage", stageName),
    GetStages({ restApiId, deploymentId }) {
      const stages = Object.values(apis.byId(restApiId).stages);
      return { item: stages.filter((stage) => deploymentId === undefined || stage.deploymentId === deploymentId) };
    },
    UpdateStage({ restApiId, stageName, patchOperations }) {
      const api = apis.byId(restApiId);
      const stage = structuredClone(member(api.stages, "stage", stageName));
      applyPatch(patchOperations, (change) => patchStage(api, stage, change));
      stage.lastUpdatedDate = new Date(apis.cloud.clock.now());
      api.stages[stage.stageName ?? ""] = stage;
      apis.save(api);
      return stage;
    },
    DeleteStage({ restApiId, stageName }) {
      const api = apis.byId(restApiId);
      delete api.stages[member(api.stages, "stage", stageName).stageName ?? ""];
      apis.save(api);
      return {};
    },
  };
}

function addStage(apis: RestApis, api: StoredApi, input: Omit<Input<Sdk, "CreateStage">, "restApiId">): Stage {
  const { stageName = "", deploymentId, variables } = input;
  if (!/^[\w-]{1,128}$/.test(stageName)) throw badRequest("Stage name only allows a-zA-Z0-9_-");
  if (api.stages[stageName]) throw conflict("Stage already exists");
  if (input.canarySettings) throw unsupported("canary deployments");
  if (input.cacheClusterEnabled) throw unsupported("cache clusters");
  member(api.deployments, "Deployment", deploymentId);
  const now = new Date(apis.cloud.clock.now());
  const stage: Stage = {
    stageName,
    deploymentId,
    createdDate: now,
    lastUpdatedDate: now,
    cacheClusterEnabled: false,
    cacheClusterStatus: "NOT_AVAILABLE",
    methodSettings: {},
    tracingEnabled: input.tracingEnabled ?? false,
    tags: input.tags ?? {},
    ...given({ variables, description: input.description }),
  };
  api.stages[stageName] = stage;
  return stage;
}

function patchStage(api: StoredApi, stage: Stage, { op, path, value }: Change): boolean {
  const [first = "", second, third, fourth] = path;
  switch (first) {
    case "deploymentId":
      stage.deploymentId = member(api.deployments, "Deployment", value).shape.id;
      return op === "replace";
    case "description":
      stage.description = value;
      return op === "replace";
    case "tracingEnabled":
      stage.tracingEnabled = booleanOf(value);
      return op === "replace";
    case "variables": {
      const { [second ?? ""]: _, ...others } = stage.variables ?? {};
      stage.variables = op === "remove" ? others : { ...others, [second ?? ""]: value };
      return second !== undefined;
    }
    case "accessLogSettings":
      if (op === "remove") delete stage.accessLogSettings;
      else if (second === "destinationArn" || second === "format")
        stage.accessLogSettings = { ...stage.accessLogSettings, [second]: value };
      else return false;
      return true;
    default:
      return patchMethodSetting(stage, op, `${first}/${second ?? ""}`, third, fourth, value);
  }
}

/** `/<resource path with ~1>/<METHOD>/throttling/rateLimit`; all resources and methods are a star each. */
function patchMethodSetting(
  stage: Stage,
  op: Change["op"],
  key: string,
  group: string | undefined,
  name: string | undefined,
  value: string,
): boolean {
  const settings = { ...stage.methodSettings };
  if (group === undefined && op === "remove") delete settings[key];
  else settings[key] = { ...settings[key], ...methodSetting(`${group ?? ""}/${name ?? ""}`, value) };
  stage.methodSettings = settings;
  return group === undefined ? op === "remove" : op === "replace";
}

function methodSetting(name: string, value: string): MethodSetting {
  switch (name) {
    case "throttling/rateLimit":
      return { throttlingRateLimit: numberOf(value) };
    case "throttling/burstLimit":
      return { throttlingBurstLimit: numberOf(value) };
    case "metrics/enabled":
      return { metricsEnabled: booleanOf(value) };
    case "logging/loglevel":
      return { loggingLevel: value };
    case "logging/dataTrace":
      return { dataTraceEnabled: booleanOf(value) };
    default:
      throw unsupported(`the method setting ${name}`);
  }
}
