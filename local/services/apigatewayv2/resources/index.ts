/** AWS::ApiGatewayV2::* for HTTP APIs, made through the service's own API as the account. */
import type { Cloud } from "../../../core/cloud.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { apiProvider } from "./api.ts";
import { authorizerProvider, deploymentProvider, integrationProvider, routeProvider, stageProvider } from "./parts.ts";

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::ApiGatewayV2::Api": apiProvider(cloud),
  "AWS::ApiGatewayV2::Authorizer": authorizerProvider(cloud),
  "AWS::ApiGatewayV2::Deployment": deploymentProvider(cloud),
  "AWS::ApiGatewayV2::Integration": integrationProvider(cloud),
  "AWS::ApiGatewayV2::Route": routeProvider(cloud),
  "AWS::ApiGatewayV2::Stage": stageProvider(cloud),
});
