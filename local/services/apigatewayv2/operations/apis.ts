/** CreateApi, GetApi, GetApis, UpdateApi, DeleteApi, and their tags. */
import type { Handlers, Input } from "../../../core/service.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, notFound, page, type Sdk, type StoredApi, unsupported } from "../store.ts";
import { addIntegration } from "./integrations.ts";
import { addRoute } from "./routes.ts";
import { addStage } from "./stages.ts";

type Settings = Input<Sdk, "UpdateApi">;

export function apiHandlers(apis: Apis): Handlers<Sdk> {
  return {
    CreateApi(input) {
      if (!input.Name) throw badRequest("Invalid request input: Name must not be null");
      if (input.ProtocolType !== "HTTP") throw unsupported(`APIs with protocol ${input.ProtocolType ?? "(none)"}`);
      const { Target, RouteKey, CredentialsArn, Tags, ...rest } = input;
      const api = apis.create({
        ...defaults,
        ...settings(rest),
        Name: input.Name,
        ProtocolType: "HTTP",
        Tags: Tags ?? {},
      });
      if (Target !== undefined) quickCreate(apis, api, Target, RouteKey ?? "$default", CredentialsArn);
      return api.shape;
    },
    GetApi: ({ ApiId }) => apis.byId(ApiId).shape,
    GetApis: ({ MaxResults, NextToken }) =>
      page(
        apis.all().map(({ shape }) => shape),
        MaxResults,
        NextToken,
      ),
    UpdateApi(input) {
      const api = apis.byId(input.ApiId);
      if (input.Target !== undefined || input.RouteKey !== undefined || input.CredentialsArn !== undefined)
        throw unsupported("changing the target of an API made by quick create");
      api.shape = { ...api.shape, ...settings(input), ...given({ Name: input.Name }) };
      apis.saveDefinition(api);
      return api.shape;
    },
    DeleteApi({ ApiId }) {
      apis.delete(apis.byId(ApiId).id);
      return {};
    },
    DeleteCorsConfiguration({ ApiId }) {
      const api = apis.byId(ApiId);
      const { CorsConfiguration: _, ...shape } = api.shape;
      api.shape = shape;
      apis.saveDefinition(api);
      return {};
    },
    GetTags: ({ ResourceArn }) => ({ Tags: tagged(apis, ResourceArn).Tags ?? {} }),
    TagResource({ ResourceArn, Tags }) {
      const target = tagged(apis, ResourceArn);
      target.Tags = { ...target.Tags, ...Tags };
      apis.save(apiOfArn(apis, ResourceArn));
      return {};
    },
    UntagResource({ ResourceArn, TagKeys = [] }) {
      const target = tagged(apis, ResourceArn);
      target.Tags = Object.fromEntries(Object.entries(target.Tags ?? {}).filter(([key]) => !TagKeys.includes(key)));
      apis.save(apiOfArn(apis, ResourceArn));
      return {};
    },
  };
}

const defaults = {
  ApiKeySelectionExpression: "$request.header.x-api-key",
  RouteSelectionExpression: "$request.method $request.path",
  DisableExecuteApiEndpoint: false,
  IpAddressType: "ipv4",
} as const;

/** What may be set at creation and changed later. Throws BadRequestException. */
export function settings(input: Omit<Settings, "ApiId">) {
  const { CorsConfiguration: cors } = input;
  if (cors?.AllowCredentials && cors.AllowOrigins?.includes("*"))
    throw badRequest("Invalid request input: AllowCredentials is not supported when AllowOrigins contains '*'");
  if ((cors?.MaxAge ?? 0) < -1 || (cors?.MaxAge ?? 0) > 86_400)
    throw badRequest("Invalid request input: MaxAge must be between -1 and 86400");
  return given({
    Description: input.Description,
    Version: input.Version,
    CorsConfiguration: cors,
    DisableExecuteApiEndpoint: input.DisableExecuteApiEndpoint,
    IpAddressType: input.IpAddressType,
    RouteSelectionExpression: input.RouteSelectionExpression,
  });
}

/** An API with one catch-all route and a stage that deploys itself ("Quick create"). */
function quickCreate(apis: Apis, api: StoredApi, target: string, routeKey: string, role: string | undefined): void {
  const isFunction = target.startsWith("arn:");
  const integration = addIntegration(apis, api, {
    IntegrationType: isFunction ? "AWS_PROXY" : "HTTP_PROXY",
    IntegrationUri: target,
    ...(isFunction ? { PayloadFormatVersion: "2.0" } : { IntegrationMethod: "ANY" }),
    ...given({ CredentialsArn: role }),
  });
  addRoute(apis, api, { RouteKey: routeKey, Target: `integrations/${integration.IntegrationId ?? ""}` });
  addStage(apis, api, { StageName: "$default", AutoDeploy: true });
}

/** `arn:aws:apigateway:<region>::/apis/<id>` or `…/apis/<id>/stages/<name>`. */
function apiOfArn(apis: Apis, arn: string | undefined): StoredApi {
  return apis.byId(/\/apis\/([^/]+)/.exec(arn ?? "")?.[1]);
}

function tagged(apis: Apis, arn: string | undefined): { Tags?: Record<string, string> | undefined } {
  const api = apiOfArn(apis, arn);
  const stage = /\/stages\/([^/]+)$/.exec(arn ?? "")?.[1];
  if (stage === undefined) return api.shape;
  const found = api.stages[decodeURIComponent(stage)];
  if (!found) throw notFound("Invalid stage identifier specified");
  return found;
}
