/** Amazon API Gateway, REST APIs. */
import * as sdk from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { permissionOf } from "./shared-serving/api-permissions.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  return {
    sdk,
    handlers: {},
    permissions: (operation, input) => permissionOf(sdk, cloud.region, operation, input),
  };
}
