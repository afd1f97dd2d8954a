/** Request validators and gateway responses. */
import type { Handlers } from "../../../core/service.ts";
import { isGatewayResponseType } from "../serving/gateway-response.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, member, page, type RestApis, type Sdk } from "../store.ts";
import { applyPatch, booleanOf } from "./patch.ts";

export function partHandlers(apis: RestApis): Handlers<Sdk> {
  return {
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
    UpdateRequestValidator({ restApiId, requestValidatorId, patchOperations }) {
      const api = apis.byId(restApiId);
      const validator = { ...member(api.validators, "Request Validator", requestValidatorId) };
      applyPatch(patchOperations, ({ op, path: [first], value }) => {
        if (first === "name") validator.name = value;
        else if (first === "validateRequestBody" || first === "validateRequestParameters")
          validator[first] = booleanOf(value);
        else return false;
        return op === "replace";
      });
      api.validators[validator.id ?? ""] = validator;
      apis.save(api);
      return validator;
    },
    DeleteRequestValidator({ restApiId, requestValidatorId }) {
      const api = apis.byId(restApiId);
      delete api.validators[member(api.validators, "Request Validator", requestValidatorId).id ?? ""];
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
