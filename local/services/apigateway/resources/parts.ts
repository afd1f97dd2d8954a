/** AWS::ApiGateway::Resource, Model, RequestValidator, Authorizer and GatewayResponse. */
import type { AuthorizerType, GatewayResponseType } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import {
  flag,
  isChanged,
  number,
  requiredText,
  text,
  textMap,
  unlessGone,
} from "../shared-management/template-properties.ts";

const apiOf = (properties: Properties): string => requiredText(properties, "RestApiId");

/** Patch operations that set these members. */
const replacements = (members: Readonly<Record<string, string>>) =>
  Object.entries(members).map(([name, value]) => ({ op: "replace" as const, path: `/${name}`, value }));

/** `IdentitySource` of a template is `identitySource` of the API. */
const memberName = (property: string): string => `${property[0]?.toLowerCase() ?? ""}${property.slice(1)}`;

export const resourceProvider = (cloud: Cloud): ResourceProvider => ({
  known: { ParentId: true, PathPart: true, RestApiId: true },
  async create(properties) {
    const input = {
      restApiId: apiOf(properties),
      parentId: requiredText(properties, "ParentId"),
      pathPart: requiredText(properties, "PathPart"),
    };
    const { id = "" } = await cloud.call("apigateway", "CreateResource", input, ACCOUNT);
    return { physicalId: id, attributes: { ResourceId: id } };
  },
  delete: (id, properties) =>
    unlessGone(cloud.call("apigateway", "DeleteResource", { restApiId: apiOf(properties), resourceId: id }, ACCOUNT)),
});

export const modelProvider = (cloud: Cloud): ResourceProvider => ({
  known: { ContentType: true, Description: true, Name: true, RestApiId: true, Schema: true },
  async create(properties, context) {
    const { Schema: schema } = properties;
    const name = text(properties, "Name") ?? context.physicalName(60).replaceAll(/[^A-Za-z0-9]/g, "");
    const input = {
      restApiId: apiOf(properties),
      name,
      contentType: text(properties, "ContentType") ?? "application/json",
      schema: typeof schema === "string" ? schema : JSON.stringify(schema ?? {}),
      ...given({ description: text(properties, "Description") }),
    };
    await cloud.call("apigateway", "CreateModel", input, ACCOUNT);
    return { physicalId: name };
  },
  async update(modelName, properties, previous) {
    if (isChanged(properties, previous, "RestApiId", "Name", "ContentType")) return "replace";
    const { Schema: schema } = properties;
    const patchOperations = replacements({
      schema: typeof schema === "string" ? schema : JSON.stringify(schema ?? {}),
      description: text(properties, "Description") ?? "",
    });
    await cloud.call(
      "apigateway",
      "UpdateModel",
      { restApiId: apiOf(properties), modelName, patchOperations },
      ACCOUNT,
    );
    return { physicalId: modelName };
  },
  delete: (modelName, properties) =>
    unlessGone(cloud.call("apigateway", "DeleteModel", { restApiId: apiOf(properties), modelName }, ACCOUNT)),
});

export const validatorProvider = (cloud: Cloud): ResourceProvider => ({
  known: { Name: true, RestApiId: true, ValidateRequestBody: true, ValidateRequestParameters: true },
  async create(properties) {
    const input = {
      restApiId: apiOf(properties),
      ...given({
        name: text(properties, "Name"),
        validateRequestBody: flag(properties, "ValidateRequestBody"),
        validateRequestParameters: flag(properties, "ValidateRequestParameters"),
      }),
    };
    const { id = "" } = await cloud.call("apigateway", "CreateRequestValidator", input, ACCOUNT);
    return { physicalId: id, attributes: { RequestValidatorId: id } };
  },
  async update(id, properties, previous) {
    if (isChanged(properties, previous, "RestApiId", "Name")) return "replace";
    const patchOperations = replacements({
      validateRequestBody: String(flag(properties, "ValidateRequestBody") ?? false),
      validateRequestParameters: String(flag(properties, "ValidateRequestParameters") ?? false),
    });
    const input = { restApiId: apiOf(properties), requestValidatorId: id, patchOperations };
    await cloud.call("apigateway", "UpdateRequestValidator", input, ACCOUNT);
    return { physicalId: id, attributes: { RequestValidatorId: id } };
  },
  delete: (requestValidatorId, properties) =>
    unlessGone(
      cloud.call("apigateway", "DeleteRequestValidator", { restApiId: apiOf(properties), requestValidatorId }, ACCOUNT),
    ),
});

export const authorizerProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    AuthType: true,
    AuthorizerCredentials: true,
    AuthorizerResultTtlInSeconds: true,
    AuthorizerUri: true,
    IdentitySource: true,
    IdentityValidationExpression: true,
    Name: true,
    RestApiId: true,
    Type: true,
  },
  async create(properties) {
    const input = {
      restApiId: apiOf(properties),
      name: requiredText(properties, "Name"),
      type: requiredText(properties, "Type") as AuthorizerType,
      ...given({
        authType: text(properties, "AuthType"),
        authorizerCredentials: text(properties, "AuthorizerCredentials"),
        authorizerResultTtlInSeconds: number(properties, "AuthorizerResultTtlInSeconds"),
        authorizerUri: text(properties, "AuthorizerUri"),
        identitySource: text(properties, "IdentitySource"),
        identityValidationExpression: text(properties, "IdentityValidationExpression"),
      }),
    };
    const { id = "" } = await cloud.call("apigateway", "CreateAuthorizer", input, ACCOUNT);
    return { physicalId: id, attributes: { AuthorizerId: id } };
  },
  async update(id, properties, previous) {
    if (isChanged(properties, previous, "RestApiId")) return "replace";
    const optional = ["AuthType", "AuthorizerCredentials", "IdentitySource", "IdentityValidationExpression"];
    const gone = optional.filter((name) => properties[name] === undefined && previous[name] !== undefined);
    const kept = optional.filter((name) => properties[name] !== undefined);
    const patchOperations = [
      ...gone.map((name) => ({ op: "remove" as const, path: `/${memberName(name)}` })),
      ...replacements({
        name: requiredText(properties, "Name"),
        type: requiredText(properties, "Type"),
        authorizerResultTtlInSeconds: text(properties, "AuthorizerResultTtlInSeconds") ?? "300",
        authorizerUri: requiredText(properties, "AuthorizerUri"),
        ...Object.fromEntries(kept.map((name) => [memberName(name), text(properties, name) ?? ""])),
      }),
    ];
    const input = { restApiId: apiOf(properties), authorizerId: id, patchOperations };
    await cloud.call("apigateway", "UpdateAuthorizer", input, ACCOUNT);
    return { physicalId: id, attributes: { AuthorizerId: id } };
  },
  delete: (authorizerId, properties) =>
    unlessGone(cloud.call("apigateway", "DeleteAuthorizer", { restApiId: apiOf(properties), authorizerId }, ACCOUNT)),
});

export const gatewayResponseProvider = (cloud: Cloud): ResourceProvider => {
  const put = async (properties: Properties, physicalId: string) => {
    const input = {
      restApiId: apiOf(properties),
      responseType: requiredText(properties, "ResponseType") as GatewayResponseType,
      ...given({
        statusCode: text(properties, "StatusCode"),
        responseParameters: textMap(properties, "ResponseParameters"),
        responseTemplates: textMap(properties, "ResponseTemplates"),
      }),
    };
    await cloud.call("apigateway", "PutGatewayResponse", input, ACCOUNT);
    return { physicalId, attributes: { Id: physicalId } };
  };
  return {
    known: { ResponseParameters: true, ResponseTemplates: true, ResponseType: true, RestApiId: true, StatusCode: true },
    create: (properties, context) => put(properties, context.physicalName(128)),
    update: async (id, properties, previous) =>
      properties["RestApiId"] !== previous["RestApiId"] || properties["ResponseType"] !== previous["ResponseType"]
        ? "replace"
        : put(properties, id),
    delete: (_, properties) =>
      unlessGone(
        cloud.call(
          "apigateway",
          "DeleteGatewayResponse",
          {
            restApiId: apiOf(properties),
            responseType: requiredText(properties, "ResponseType") as GatewayResponseType,
          },
          ACCOUNT,
        ),
      ),
  };
};
