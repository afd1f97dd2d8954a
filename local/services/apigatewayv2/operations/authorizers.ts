/** CreateAuthorizer, GetAuthorizer, GetAuthorizers, UpdateAuthorizer, DeleteAuthorizer. */
import type { Authorizer } from "@aws-sdk/client-apigatewayv2";
import type { Handlers, Input } from "../../../core/service.ts";
import { newId } from "../../apigateway/shared-management/ids.ts";
import { isLoopbackUrl } from "../../apigateway/shared-calls/loopback.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, conflict, member, page, type Sdk, type StoredApi, unsupported } from "../store.ts";

type NewAuthorizer = Omit<Input<Sdk, "CreateAuthorizer">, "ApiId">;

export function authorizerHandlers(apis: Apis): Handlers<Sdk> {
  return {
    CreateAuthorizer: ({ ApiId, ...input }) => addAuthorizer(apis, apis.byId(ApiId), input),
    GetAuthorizer: ({ ApiId, AuthorizerId }) => member(apis.byId(ApiId).authorizers, "Authorizer", AuthorizerId),
    GetAuthorizers: ({ ApiId, MaxResults, NextToken }) =>
      page(Object.values(apis.byId(ApiId).authorizers), MaxResults, NextToken),
    UpdateAuthorizer({ ApiId, AuthorizerId, ...changes }) {
      const api = apis.byId(ApiId);
      const authorizer = member(api.authorizers, "Authorizer", AuthorizerId);
      const id = authorizer.AuthorizerId ?? "";
      const before = { AuthorizerType: undefined, IdentitySource: undefined, ...authorizer };
      const updated = { ...checked({ ...before, ...given(changes) }), AuthorizerId: id };
      api.authorizers[id] = updated;
      apis.saveDefinition(api);
      return updated;
    },
    DeleteAuthorizer({ ApiId, AuthorizerId }) {
      const api = apis.byId(ApiId);
      const id = member(api.authorizers, "Authorizer", AuthorizerId).AuthorizerId ?? "";
      if (Object.values(api.routes).some((route) => route.AuthorizerId === id))
        throw conflict("Cannot delete authorizer, is referenced in route");
      delete api.authorizers[id];
      apis.saveDefinition(api);
      return {};
    },
  };
}

/** Throws BadRequestException, and NotImplemented for issuers that cannot be reached. */
export function addAuthorizer(apis: Apis, api: StoredApi, input: NewAuthorizer): Authorizer {
  const AuthorizerId = newId(apis.cloud, 6);
  const authorizer: Authorizer = { ...checked(input), AuthorizerId };
  api.authorizers[AuthorizerId] = authorizer;
  apis.saveDefinition(api);
  return authorizer;
}

function checked(input: NewAuthorizer): Authorizer & { Name: string } {
  const { AuthorizerType: type, Name, IdentitySource = [], AuthorizerResultTtlInSeconds: ttl } = input;
  if (!Name) throw badRequest("Invalid request input: Name must not be null");
  for (const source of IdentitySource)
    if (!/^\$(request\.(header|querystring)|context|stageVariables)\.\S+$/.test(source))
      throw badRequest(`Identity source ${source} is invalid`);
  if (type === "JWT") return jwt(input, Name);
  if (type !== "REQUEST") throw badRequest(`Invalid authorizer type: ${type ?? "null"}`);
  if (!input.AuthorizerUri) throw badRequest("AuthorizerUri must be specified for REQUEST authorizers");
  const format = input.AuthorizerPayloadFormatVersion;
  if (format !== "1.0" && format !== "2.0")
    throw badRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer");
  if (input.EnableSimpleResponses && format !== "2.0")
    throw badRequest("EnableSimpleResponses flag is not supported for format version 1.0");
  if (ttl !== undefined && (ttl < 0 || ttl > 3600))
    throw badRequest("Authorizer result TTL must be between 0 and 3600 seconds");
  if ((ttl ?? 0) > 0 && IdentitySource.length === 0)
    throw badRequest("Identity source must be specified when caching is enabled");
  return {
    AuthorizerType: type,
    Name,
    AuthorizerUri: input.AuthorizerUri,
    AuthorizerPayloadFormatVersion: format,
    AuthorizerResultTtlInSeconds: ttl ?? 0,
    EnableSimpleResponses: input.EnableSimpleResponses ?? false,
    IdentitySource,
    ...given({ AuthorizerCredentialsArn: input.AuthorizerCredentialsArn }),
  };
}

function jwt(input: NewAuthorizer, Name: string): Authorizer & { Name: string } {
  const { Issuer, Audience = [] } = input.JwtConfiguration ?? {};
  if (!Issuer || Audience.length === 0)
    throw badRequest("JwtConfiguration must have an issuer and at least one audience");
  if (!isLoopbackUrl(Issuer))
    throw unsupported(`JWT authorizers whose issuer is not on this machine (${Issuer}): its keys are not within reach`);
  const sources = input.IdentitySource ?? [];
  if (sources.length !== 1) throw badRequest("JWT authorizers need exactly one identity source");
  return { AuthorizerType: "JWT", Name, IdentitySource: sources, JwtConfiguration: { Issuer, Audience } };
}
