/** The operations by name. */
import type { Handlers } from "../../core/service.ts";
import * as provisioned from "./concurrency/provisioned.ts";
import * as reserved from "./concurrency/reserved.ts";
import { createEventSourceMapping } from "./event-source-mappings/create-event-source-mapping.ts";
import { deleteEventSourceMapping } from "./event-source-mappings/delete-event-source-mapping.ts";
import { getEventSourceMapping, listEventSourceMappings } from "./event-source-mappings/get-event-source-mapping.ts";
import { updateEventSourceMapping } from "./event-source-mappings/update-event-source-mapping.ts";
import { getAccountSettings } from "./functions/account-settings.ts";
import { createFunction } from "./functions/create-function.ts";
import { deleteFunction } from "./functions/delete-function.ts";
import { getFunction, getFunctionConfiguration } from "./functions/get-function.ts";
import { listFunctions } from "./functions/list-functions.ts";
import { listTags, tagResource, untagResource } from "./functions/tags.ts";
import { updateFunctionCode } from "./functions/update-function-code.ts";
import { updateFunctionConfiguration } from "./functions/update-function-configuration.ts";
import * as eventInvokeConfigs from "./invoke/event-invoke-configs.ts";
import { invoke } from "./invoke/invoke.ts";
import { getFunctionRecursionConfig, putFunctionRecursionConfig } from "./invoke/recursion-config.ts";
import type { LambdaService } from "./lambda-service.ts";
import * as layers from "./layers/layer-versions.ts";
import { addPermission } from "./policies/add-permission.ts";
import { getPolicy } from "./policies/get-policy.ts";
import { removePermission } from "./policies/remove-permission.ts";
import type { LAMBDA } from "./store.ts";
import * as urls from "./urls/url-configs.ts";
import * as aliases from "./versions/aliases.ts";
import { listVersionsByFunction } from "./versions/list-versions.ts";
import { publishVersion } from "./versions/publish-version.ts";

export const operationsOf = (lambda: LambdaService): Handlers<LAMBDA> => ({
  AddPermission: addPermission(lambda),
  CreateAlias: aliases.createAlias(lambda),
  CreateEventSourceMapping: createEventSourceMapping(lambda),
  CreateFunction: createFunction(lambda),
  CreateFunctionUrlConfig: urls.createFunctionUrlConfig(lambda),
  DeleteAlias: aliases.deleteAlias(lambda),
  DeleteEventSourceMapping: deleteEventSourceMapping(lambda),
  DeleteFunction: deleteFunction(lambda),
  DeleteFunctionConcurrency: reserved.deleteFunctionConcurrency(lambda),
  DeleteFunctionEventInvokeConfig: eventInvokeConfigs.deleteFunctionEventInvokeConfig(lambda),
  DeleteFunctionUrlConfig: urls.deleteFunctionUrlConfig(lambda),
  DeleteLayerVersion: layers.deleteLayerVersion(lambda),
  DeleteProvisionedConcurrencyConfig: provisioned.deleteProvisionedConcurrencyConfig(lambda),
  GetAccountSettings: getAccountSettings(lambda),
  GetAlias: aliases.getAlias(lambda),
  GetEventSourceMapping: getEventSourceMapping(lambda),
  GetFunction: getFunction(lambda),
  GetFunctionConcurrency: reserved.getFunctionConcurrency(lambda),
  GetFunctionConfiguration: getFunctionConfiguration(lambda),
  GetFunctionEventInvokeConfig: eventInvokeConfigs.getFunctionEventInvokeConfig(lambda),
  GetFunctionRecursionConfig: getFunctionRecursionConfig(lambda),
  GetFunctionUrlConfig: urls.getFunctionUrlConfig(lambda),
  GetLayerVersion: layers.getLayerVersion(lambda),
  GetPolicy: getPolicy(lambda),
  GetProvisionedConcurrencyConfig: provisioned.getProvisionedConcurrencyConfig(lambda),
  Invoke: invoke(lambda),
  ListAliases: aliases.listAliases(lambda),
  ListEventSourceMappings: listEventSourceMappings(lambda),
  ListFunctionEventInvokeConfigs: eventInvokeConfigs.listFunctionEventInvokeConfigs(lambda),
  ListFunctions: listFunctions(lambda),
  ListFunctionUrlConfigs: urls.listFunctionUrlConfigs(lambda),
  ListLayers: layers.listLayers(lambda),
  ListLayerVersions: layers.listLayerVersions(lambda),
  ListProvisionedConcurrencyConfigs: provisioned.listProvisionedConcurrencyConfigs(lambda),
  ListTags: listTags(lambda),
  ListVersionsByFunction: listVersionsByFunction(lambda),
  PublishLayerVersion: layers.publishLayerVersion(lambda),
  PublishVersion: publishVersion(lambda),
  PutFunctionConcurrency: reserved.putFunctionConcurrency(lambda),
  PutFunctionEventInvokeConfig: eventInvokeConfigs.putFunctionEventInvokeConfig(lambda),
  PutFunctionRecursionConfig: putFunctionRecursionConfig(lambda),
  PutProvisionedConcurrencyConfig: provisioned.putProvisionedConcurrencyConfig(lambda),
  RemovePermission: removePermission(lambda),
  TagResource: tagResource(lambda),
  UntagResource: untagResource(lambda),
  UpdateAlias: aliases.updateAlias(lambda),
  UpdateEventSourceMapping: updateEventSourceMapping(lambda),
  UpdateFunctionCode: updateFunctionCode(lambda),
  UpdateFunctionConfiguration: updateFunctionConfiguration(lambda),
  UpdateFunctionEventInvokeConfig: eventInvokeConfigs.updateFunctionEventInvokeConfig(lambda),
  UpdateFunctionUrlConfig: urls.updateFunctionUrlConfig(lambda),
});
