/** The CloudFormation resource types of Lambda. */
import type { ResourceProvider } from "../../../core/service.ts";
import type { LambdaService } from "../lambda-service.ts";
import { eventInvokeConfigProvider } from "./event-invoke-config.ts";
import { eventSourceMappingProvider } from "./event-source-mapping.ts";
import { functionProvider } from "./function.ts";
import { layerVersionProvider } from "./layer-version.ts";
import { permissionProvider } from "./permission.ts";
import { urlProvider } from "./url.ts";
import { aliasProvider, versionProvider } from "./version-and-alias.ts";

export const resourcesOf = (lambda: LambdaService): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::Lambda::Alias": aliasProvider(lambda),
  "AWS::Lambda::EventInvokeConfig": eventInvokeConfigProvider(lambda),
  "AWS::Lambda::EventSourceMapping": eventSourceMappingProvider(lambda),
  "AWS::Lambda::Function": functionProvider(lambda),
  "AWS::Lambda::LayerVersion": layerVersionProvider(lambda),
  "AWS::Lambda::Permission": permissionProvider(lambda),
  "AWS::Lambda::Url": urlProvider(lambda),
  "AWS::Lambda::Version": versionProvider(lambda),
});
