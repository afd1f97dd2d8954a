/** Stages and deployments of HTTP APIs. */
import type { Stage } from "@aws-sdk/client-apigatewayv2";
import type { Handlers, Input } from "../../../core/service.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, conflict, member, notFound, page, type Sdk, type StoredApi } from "../store.ts";

type NewStage = Omit<Input<Sdk, "CreateStage">, "ApiId">;

export function stageHandlers(apis: Apis): Handlers<Sdk> {
  return {
    CreateStage: ({ ApiId, ...input }) => addStage(apis, apis.byId(ApiId), input),
    GetStage: ({ ApiId, StageName }) => stageOf(apis.byId(ApiId), StageName),
    GetStages: ({ ApiId, MaxResults, NextToken }) =>
      page(Object.values(apis.byId(ApiId).stages), MaxResults, NextToken),
    UpdateStage({ ApiId, StageName, ...changes }) {
      const api = apis.byId(ApiId);
      const stage = stageOf(api, StageName);
      if (changes.DeploymentId !== undefined && (changes.AutoDeploy ?? stage.AutoDeploy))
        throw badRequest("Deployment ID cannot be set on a stage with auto deploy enabled");
      Object.assign(stage, checked(api, { ...stage, ...given(changes) }), {
        LastUpdatedDate: new Date(apis.cloud.clock.now()),
      });
      if (stage.AutoDeploy) apis.autoDeploy(api, stage);
      apis.save(api);
      return stage;
    },
    DeleteStage({ ApiId, StageName }) {
      const api = apis.byId(ApiId);
      delete api.stages[stageOf(api, StageName).StageName ?? ""];
      apis.save(api);
      return {};
    },
    DeleteRouteSettings({ ApiId, StageName, RouteKey = "" }) {
      const api = apis.byId(ApiId);
      const stage = stageOf(api, StageName);
      delete stage.RouteSettings?.[RouteKey];
      apis.save(api);
      return {};
    },
    DeleteAccessLogSettings({ ApiId, StageName }) {
      const api = apis.byId(ApiId);
      delete stageOf(api, StageName).AccessLogSettings;
      apis.save(api);
      return {};
    },
    CreateDeployment({ ApiId, StageName, Description }) {
      const api = apis.byId(ApiId);
      if (Object.keys(api.routes).length === 0)
        throw badRequest("At least one route is required before deploying the Api.");
      const stage = StageName === undefined ? undefined : stageOf(api, StageName);
      if (stage?.AutoDeploy) throw badRequest("Deployment ID cannot be set on a stage with auto deploy enabled");
      const deployment = apis.deploy(api, { AutoDeployed: false, ...given({ Description }) });
      if (stage) stage.DeploymentId = deployment.DeploymentId;
      apis.save(api);
      return deployment;
    },
    GetDeployment: ({ ApiId, DeploymentId }) => member(apis.byId(ApiId).deployments, "Deployment", DeploymentId).shape,
    GetDeployments: ({ ApiId, MaxResults, NextToken }) =>
      page(
        Object.values(apis.byId(ApiId).deployments).map(({ shape }) => shape),
        MaxResults,
        NextToken,
      ),
    DeleteDeployment({ ApiId, DeploymentId }) {
      const api = apis.byId(ApiId);
      const id = member(api.deployments, "Deployment", DeploymentId).shape.DeploymentId ?? "";
      if (Object.values(api.stages).some((stage) => stage.DeploymentId === id))
        throw badRequest("Active stages pointing to this deployment must be moved or deleted");
      delete api.deployments[id];
      apis.save(api);
      return {};
    },
  };
}

function stageOf(api: StoredApi, name: string | undefined): Stage {
  const stage = api.stages[name ?? ""];
  if (!stage) throw notFound("Invalid stage identifier specified");
  return stage;
}

/** Throws BadRequestException and ConflictException. */
export function addStage(apis: Apis, api: StoredApi, input: NewStage): Stage {
  const now = new Date(apis.cloud.clock.now());
  const stage: Stage = { CreatedDate: now, LastUpdatedDate: now, Tags: input.Tags ?? {}, ...checked(api, input) };
  if (api.stages[stage.StageName ?? ""]) throw conflict("Stage already exists");
  api.stages[stage.StageName ?? ""] = stage;
  if (stage.AutoDeploy) apis.autoDeploy(api, stage);
  apis.save(api);
  return stage;
}

function checked(api: StoredApi, input: NewStage): Stage {
  const { StageName = "", AutoDeploy = false, StageVariables = {}, DeploymentId, AccessLogSettings: log } = input;
  if (StageName !== "$default" && !/^[\w-]{1,128}$/.test(StageName))
    throw badRequest("Stage name only allows a-zA-Z0-9_- and '$default' for HTTP APIs");
  if (input.ClientCertificateId)
    throw badRequest("Invalid request input: ClientCertificateId is not supported for HTTP APIs");
  for (const [name, value] of Object.entries(StageVariables)) {
    if (!/^\w+$/.test(name)) throw badRequest("Stage variable names must be alphanumeric");
    if (!/^[A-Za-z0-9\-._~:/?#&=,]*$/.test(value)) throw badRequest("Stage variable values contain invalid characters");
  }
  if (DeploymentId !== undefined && !AutoDeploy) member(api.deployments, "Deployment", DeploymentId);
  if (log && !(log.DestinationArn?.includes(":log-group:") && log.Format))
    throw badRequest("AccessLogSettings must have the ARN of a log group and a format");
  return {
    StageName,
    AutoDeploy,
    StageVariables,
    DefaultRouteSettings: { DetailedMetricsEnabled: false, ...input.DefaultRouteSettings },
    RouteSettings: input.RouteSettings ?? {},
    ...given({ DeploymentId, AccessLogSettings: log, Description: input.Description }),
  };
}
