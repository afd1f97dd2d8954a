/** CreateIntegration, GetIntegration, GetIntegrations, UpdateIntegration, DeleteIntegration. */
import type { Integration } from "@aws-sdk/client-apigatewayv2";
import type { Handlers, Input } from "../../../core/service.ts";
import { newId } from "../../apigateway/shared-management/ids.ts";
import { mappingProblem } from "../serving/parameter-mapping.ts";
import { checkSubtype } from "../serving/service-integration.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, conflict, member, page, type Sdk, type StoredApi, unsupported } from "../store.ts";

type NewIntegration = Omit<Input<Sdk, "CreateIntegration">, "ApiId">;

export function integrationHandlers(apis: Apis): Handlers<Sdk> {
  return {
    CreateIntegration: ({ ApiId, ...input }) => addIntegration(apis, apis.byId(ApiId), input),
    GetIntegration: ({ ApiId, IntegrationId }) => member(apis.byId(ApiId).integrations, "Integration", IntegrationId),
    GetIntegrations: ({ ApiId, MaxResults, NextToken }) =>
      page(Object.values(apis.byId(ApiId).integrations), MaxResults, NextToken),
    UpdateIntegration({ ApiId, IntegrationId, ...changes }) {
      const api = apis.byId(ApiId);
      const integration = member(api.integrations, "Integration", IntegrationId);
      const id = integration.IntegrationId ?? "";
      const updated = {
        ...checked({ IntegrationType: undefined, ...integration, ...given(changes) }),
        IntegrationId: id,
      };
      api.integrations[id] = updated;
      apis.saveDefinition(api);
      return updated;
    },
    DeleteIntegration({ ApiId, IntegrationId }) {
      const api = apis.byId(ApiId);
      const id = member(api.integrations, "Integration", IntegrationId).IntegrationId ?? "";
      const route = Object.values(api.routes).find(({ Target }) => Target === `integrations/${id}`);
      if (route)
        throw conflict(
          `Cannot delete Integration '${id}' due to Routes referencing it: Remove the route '${route.RouteId ?? ""}' to delete the Integration.`,
        );
      delete api.integrations[id];
      apis.saveDefinition(api);
      return {};
    },
  };
}

/** Throws BadRequestException, and NotImplemented for what would not be served. */
export function addIntegration(apis: Apis, api: StoredApi, input: NewIntegration): Integration {
  const IntegrationId = newId(apis.cloud, 7);
  const integration: Integration = { ...checked(input), IntegrationId };
  api.integrations[IntegrationId] = integration;
  apis.saveDefinition(api);
  return integration;
}

function checked(input: NewIntegration): Integration {
  const { IntegrationType: type, IntegrationSubtype: subtype, IntegrationUri: uri, TimeoutInMillis = 30_000 } = input;
  if (type !== "AWS_PROXY" && type !== "HTTP_PROXY")
    throw badRequest(`Invalid integration type specified. HTTP protocol does not support ${type ?? "null"}`);
  if (input.ConnectionType === "VPC_LINK" || input.ConnectionId) throw unsupported("integrations through a VPC link");
  if (input.TlsConfig?.ServerNameToVerify) throw unsupported("TlsConfig of integrations");
  if (
    input.RequestTemplates ||
    input.TemplateSelectionExpression ||
    input.PassthroughBehavior ||
    input.ContentHandlingStrategy
  )
    throw badRequest("Invalid request input: mapping templates are not supported for HTTP APIs");
  if (TimeoutInMillis < 50 || TimeoutInMillis > 30_000)
    throw badRequest("Timeout should be between 50 ms and 30000 ms");
  if (subtype !== undefined) {
    if (type !== "AWS_PROXY") throw badRequest("IntegrationSubtype is only supported for AWS_PROXY integrations");
    if (!input.CredentialsArn) throw badRequest("IntegrationSubtype requires CredentialsArn");
    checkSubtype(subtype, input.RequestParameters ?? {});
  } else if (!uri) throw badRequest("Integration URI must be specified");
  checkMappings(input);
  const format = input.PayloadFormatVersion ?? (type === "HTTP_PROXY" || subtype ? "1.0" : undefined);
  if (format === undefined)
    throw badRequest("PayloadFormatVersion is a required parameter for integration of type AWS_PROXY");
  if (!["1.0", "2.0"].includes(format) || ((type === "HTTP_PROXY" || subtype) && format !== "1.0"))
    throw badRequest(`Invalid payload format version: ${format}`);
  const method = input.IntegrationMethod ?? (subtype ? undefined : type === "AWS_PROXY" ? "POST" : undefined);
  if (type === "HTTP_PROXY" && method === undefined)
    throw badRequest("HttpMethod must be specified for HTTP_PROXY integrations");
  return {
    IntegrationType: type,
    ConnectionType: "INTERNET",
    PayloadFormatVersion: format,
    TimeoutInMillis,
    ...given({
      CredentialsArn: input.CredentialsArn,
      Description: input.Description,
      IntegrationMethod: method,
      IntegrationSubtype: subtype,
      IntegrationUri: uri,
      RequestParameters: input.RequestParameters,
      ResponseParameters: input.ResponseParameters,
    }),
  };
}

function checkMappings({
  IntegrationSubtype: subtype,
  RequestParameters = {},
  ResponseParameters = {},
}: NewIntegration): void {
  const problem = [
    // Parameters of a subtype name the members of its call.
    ...(subtype === undefined ? Object.keys(RequestParameters).map((key) => mappingProblem(key, "request")) : []),
    ...Object.values(ResponseParameters).flatMap((changes) =>
      Object.keys(changes).map((key) => mappingProblem(key, "response")),
    ),
  ].find((found) => found !== undefined);
  if (problem !== undefined) throw badRequest(problem);
}
