/** Lambda authorizers. */
import type { Authorizer } from "@aws-sdk/client-api-gateway";
import type { Handlers, Input } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, member, page, type RestApis, type Sdk, unsupported } from "../store.ts";
import { applyPatch, type Change, numberOf } from "./patch.ts";

export function authorizerHandlers(apis: RestApis): Handlers<Sdk> {
  return {
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
    UpdateAuthorizer({ restApiId, authorizerId, patchOperations }) {
      const api = apis.byId(restApiId);
      const { id = "", ...before } = member(api.authorizers, "Authorizer", authorizerId);
      const changed = { name: undefined, type: undefined, ...before };
      applyPatch(patchOperations, (change) => patchAuthorizer(changed, change));
      const authorizer = newAuthorizer(changed, id);
      api.authorizers[id] = authorizer;
      apis.save(api);
      return authorizer;
    },
    DeleteAuthorizer({ restApiId, authorizerId }) {
      const api = apis.byId(restApiId);
      delete api.authorizers[member(api.authorizers, "Authorizer", authorizerId).id ?? ""];
      apis.save(api);
      return {};
    },
  };
}

type Settings = Omit<Input<Sdk, "CreateAuthorizer">, "restApiId">;

/** Text members of an authorizer that an update may change. */
const TEXTS = [
  "name",
  "authorizerUri",
  "authorizerCredentials",
  "identitySource",
  "identityValidationExpression",
  "authType",
] as const;

function patchAuthorizer(authorizer: Settings, { op, path: [first], value }: Change): boolean {
  const name = TEXTS.find((text) => text === first);
  if (name === undefined) {
    if (first === "authorizerResultTtlInSeconds") authorizer.authorizerResultTtlInSeconds = numberOf(value);
    else if (first === "type") authorizer.type = value as "TOKEN";
    else return false;
    return op === "replace";
  }
  if (op === "remove") delete authorizer[name];
  else authorizer[name] = value;
  return true;
}

function newAuthorizer(input: Settings, id: string): Authorizer {
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
