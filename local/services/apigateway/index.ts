/** Amazon API Gateway, REST APIs. */
import * as sdk from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { authorizerHandlers } from "./apis/authorizers.ts";
import { methodHandlers } from "./apis/methods.ts";
import { modelHandlers } from "./apis/models.ts";
import { partHandlers } from "./apis/parts.ts";
import { resourceHandlers } from "./apis/resources.ts";
import { restApiHandlers } from "./apis/rest-apis.ts";
import { stageHandlers } from "./apis/stages.ts";
import { apiKeyHandlers } from "./keys/api-keys.ts";
import { Keys } from "./keys/store.ts";
import { usagePlanHandlers } from "./keys/usage-plans.ts";
import { importHandlers } from "./open-api/import.ts";
import { resourcesOf } from "./resources/index.ts";
import { RestApiServer } from "./serving/serve.ts";
import { permissionOf } from "./shared-management/api-permissions.ts";
import { RestApis } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const apis = new RestApis(cloud);
  const keys = new Keys(cloud);
  const server = new RestApiServer(apis, keys);
  return {
    sdk,
    handlers: {
      ...restApiHandlers(apis),
      ...importHandlers(apis),
      ...resourceHandlers(apis),
      ...methodHandlers(apis),
      ...partHandlers(apis),
      ...modelHandlers(apis),
      ...authorizerHandlers(apis),
      ...stageHandlers(apis),
      ...apiKeyHandlers(keys),
      ...usagePlanHandlers(keys, apis),
      FlushStageAuthorizersCache({ restApiId = "", stageName = "" }) {
        apis.byId(restApiId);
        server.authorizer.flush(restApiId, stageName);
        return {};
      },
    },
    permissions: (operation, input) => permissionOf(sdk, cloud.region, operation, input),
    resources: resourcesOf(cloud),
    serve: (request) => server.serve(request),
  };
}
