/** Amazon API Gateway, HTTP APIs (v2 of the service's API). */
import * as sdk from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { permissionOf } from "../apigateway/shared-management/api-permissions.ts";
import { apiHandlers } from "./operations/apis.ts";
import { authorizerHandlers } from "./operations/authorizers.ts";
import { importHandlers } from "./operations/import.ts";
import { integrationHandlers } from "./operations/integrations.ts";
import { routeHandlers } from "./operations/routes.ts";
import { stageHandlers } from "./operations/stages.ts";
import { resourcesOf } from "./resources/index.ts";
import { HttpApiServer } from "./serving/serve.ts";
import { Apis } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const apis = new Apis(cloud);
  const server = new HttpApiServer(apis);
  return {
    sdk,
    handlers: {
      ...apiHandlers(apis),
      ...importHandlers(apis),
      ...routeHandlers(apis),
      ...integrationHandlers(apis),
      ...authorizerHandlers(apis),
      ...stageHandlers(apis),
    },
    permissions: (operation, input) => permissionOf(sdk, cloud.region, operation, input),
    resources: resourcesOf(cloud),
    serve: (request) => server.serve(request),
  };
}
