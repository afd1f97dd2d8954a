/** AWS::ApiGateway::*, made through the service's own API as the account. */
import type { Cloud } from "../../../core/cloud.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { accountProvider, apiKeyProvider, usagePlanKeyProvider, usagePlanProvider } from "./keys.ts";
import { methodProvider } from "./method.ts";
import {
  authorizerProvider,
  gatewayResponseProvider,
  modelProvider,
  resourceProvider,
  validatorProvider,
} from "./parts.ts";
import { restApiProvider } from "./rest-api.ts";
import { deploymentProvider, stageProvider } from "./stage.ts";

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::ApiGateway::Account": accountProvider(cloud),
  "AWS::ApiGateway::ApiKey": apiKeyProvider(cloud),
  "AWS::ApiGateway::Authorizer": authorizerProvider(cloud),
  "AWS::ApiGateway::Deployment": deploymentProvider(cloud),
  "AWS::ApiGateway::GatewayResponse": gatewayResponseProvider(cloud),
  "AWS::ApiGateway::Method": methodProvider(cloud),
  "AWS::ApiGateway::Model": modelProvider(cloud),
  "AWS::ApiGateway::RequestValidator": validatorProvider(cloud),
  "AWS::ApiGateway::Resource": resourceProvider(cloud),
  "AWS::ApiGateway::RestApi": restApiProvider(cloud),
  "AWS::ApiGateway::Stage": stageProvider(cloud),
  "AWS::ApiGateway::UsagePlan": usagePlanProvider(cloud),
  "AWS::ApiGateway::UsagePlanKey": usagePlanKeyProvider(cloud),
});
