/** Models, request validators, authorizers and gateway responses. */
import type { Authorizer, Model } from "@aws-sdk/client-api-gateway";
import type { Handlers, Input } from "../../../core/service.ts";
import { isGatewayResponseType } from "../serving/gateway-response.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, member, page, type RestApis, type Sdk, unsupported } from "../store.ts";

export function partHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    ...modelHandlers(apis),
    CreateRequestValidator({ restApiId, name, validateRequestBody = false, validateRequestParameters = false }) {
      const api = apis.byId(restApiId);
      const id = newId(apis.cloud, 6);
      const validator = { id, validateRequestBody, validateRequestParameters, ...given({ name }) };
      api.validators[id] = validator;
      apis.save(api);
      return validator;
    },
    GetRequestValidator: ({ restApiId, requestValidatorId }) =>
      member(apis.byId(restApiId).validators, "Request Validator", requestValidatorId),
    GetRequestValidators: ({ restApiId, limit, position }) =>
      page(Object.values(apis.byId(restApiId).validators), limit, position),
    DeleteRequestValidator({ restApiId, requestValidatorId }) {
      const api = apis.byId(restApiId);
      delete api.validators[member(api.validators, "Request Validator", requestValidatorId).id ?? ""];
      apis.save(api);
      return {};
    },
    CreateAuthorizer({ restApiId, ...input }) {
      const api = apis.byId(restApiId);
      const authorizer = newAuthorizer(input, newId(apis.cloud, 6));
      if (Object.values(api.authorizers).some(({ name }) => name === authorizer.name))
        throw conflict(
          `Authorizer name must be unique. Authorizer ${authorizer.name ?? ""} already exists in this RestApi.`,
        );
      api.authorizers[authorizer.id ?? ""] = authorizer;
      apis.save(api);
      return authorizer;
    },
    GetAuthorizer: ({ restApiId, authorizerId }) =>
      member(apis.byId(restApiId).authorizers, "Authorizer", authorizerId),
    GetAuthorizers: ({ restApiId, limit, position }) =>
      page(Object.values(apis.byId(restApiId).authorizers), limit, position),
    DeleteAuthorizer({ restApiId, authorizerId }) {
      const api = apis.byId(restApiId);
      delete api.authorizers[member(api.authorizers, "Authorizer", authorizerId).id ?? ""];
      apis.save(api);
      return {};
    },
    PutGatewayResponse({ restApiId, responseType, statusCode, responseParameters = {}, responseTemplates = {} }) {
      const api = apis.byId(restApiId);
      if (!isGatewayResponseType(responseType))
        throw badRequest(`Invalid gateway response type specified: ${responseType ?? ""}`);
      const response = {
        responseType,
        responseParameters,
        responseTemplates,
        defaultResponse: false,
        ...given({ statusCode }),
      };
      api.gatewayResponses[responseType] = response;
      apis.save(api);
      return response;
    },
    GetGatewayResponse: ({ restApiId, responseType }) =>
      member(apis.byId(restApiId).gatewayResponses, "Gateway response", responseType),
    GetGatewayResponses: ({ restApiId, limit, position }) => {
      const { items } = page(
        Object.values(apis.byId(restApiId).gatewayResponses),
        limit,
        position === undefined ? undefined : String(position),
      );
      return { items };
    },
    DeleteGatewayResponse({ restApiId, responseType }) {
      const api = apis.byId(restApiId);
      member(api.gatewayResponses, "Gateway response", responseType);
      delete api.gatewayResponses[responseType ?? ""];
      apis.save(api);
      return {};
    },
  };
}

function modelHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    CreateModel({ restApiId, name = "", contentType, description, schema = "{}" }) {
      const api = apis.byId(restApiId);
      if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
      if (api.models[name]) throw conflict("Model name already exists for this REST API");
      try {
        JSON.parse(schema);
      } catch {
        throw badRequest("Invalid model schema specified");
      }
      const model: Model = { id: newId(apis.cloud, 6), name, schema, ...given({ contentType, description }) };
      api.models[name] = model;
      apis.save(api);
      return model;
    },
    GetModel: ({ restApiId, modelName }) => member(apis.byId(restApiId).models, "Model", modelName),
    GetModels: ({ restApiId, limit, position }) => page(Object.values(apis.byId(restApiId).models), limit, position),
    DeleteModel({ restApiId, modelName }) {
      const api = apis.byId(restApiId);
      delete api.models[member(api.models, "Model", modelName).name ?? ""];
      apis.save(api);
      return {};
    },
  };
}

function newAuthorizer(input: Omit<Input<Sdk, "CreateAuthorizer">, "restApiId">, id: string): Authorizer {
  const { name, type, authorizerUri, identitySource, authorizerResultTtlInSeconds: ttl = 300 } = input;
  if (!name) throw badRequest("Authorizer name must be given");
  if (type !== "TOKEN" && type !== "REQUEST") throw unsupported(`authorizers of type ${type ?? "(none)"}`);
  if (!authorizerUri)
    throw badRequest(
      "Invalid Authorizer URI: null. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.",
    );
  if (ttl < 0 || ttl > 3600) throw badRequest("Authorizer result TTL must be between 0 and 3600 seconds");
  if (!identitySource && (type === "TOKEN" || ttl > 0)) throw badRequest("Identity source must be given");
  return {
    id,
    name,
    type,
    authType: input.authType ?? "custom",
    authorizerUri,
    authorizerResultTtlInSeconds: ttl,
    ...given({
      identitySource,
      authorizerCredentials: input.authorizerCredentials,
      identityValidationExpression: input.identityValidationExpression,
    }),
  };
}
