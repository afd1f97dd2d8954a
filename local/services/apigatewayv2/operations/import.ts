/** ImportApi and ReimportApi: an API from an OpenAPI 3.0 document. */
import { parse } from "yaml";
import type { Handlers } from "../../../core/service.ts";
import { type Document, readDocument } from "../open-api.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, type Sdk, type StoredApi, unsupported } from "../store.ts";
import { settings } from "./apis.ts";
import { addAuthorizer } from "./authorizers.ts";
import { addIntegration } from "./integrations.ts";
import { addRoute } from "./routes.ts";

export function importHandlers(apis: Apis): Handlers<Sdk> {
  return {
    ImportApi({ Body, Basepath }) {
      const document = read(Body, Basepath);
      const api = apis.create({
        ApiKeySelectionExpression: "$request.header.x-api-key",
        RouteSelectionExpression: "$request.method $request.path",
        DisableExecuteApiEndpoint: false,
        ...settings(document.settings),
        Name: document.title,
        ProtocolType: "HTTP",
        Tags: document.tags,
      });
      try {
        fill(apis, api, document);
      } catch (error) {
        apis.delete(api.id);
        throw error;
      }
      return api.shape;
    },
    ReimportApi({ ApiId, Body, Basepath }) {
      const current = apis.byId(ApiId);
      const document = read(Body, Basepath);
      const { CorsConfiguration: _cors, ...shape } = current.shape;
      const next: StoredApi = {
        ...structuredClone({ ...current, routes: {}, integrations: {}, authorizers: {} }),
        shape: {
          ...shape,
          ...settings(document.settings),
          ...given({ Name: document.title === "" ? undefined : document.title }),
          Tags: { ...shape.Tags, ...document.tags },
        },
      };
      try {
        fill(apis, next, document);
      } catch (error) {
        apis.save(current);
        throw error;
      }
      apis.saveDefinition(next);
      return next.shape;
    },
  };
}

function read(body: string | undefined, basePath: string | undefined): Document {
  if (basePath !== undefined && basePath !== "ignore") throw unsupported(`Basepath ${basePath}`);
  let content: unknown;
  try {
    content = parse(body ?? "");
  } catch {
    throw badRequest("Unable to parse the API definition because of a malformed Api definition");
  }
  return readDocument(content);
}

function fill(apis: Apis, api: StoredApi, document: Document): void {
  const authorizers = new Map<string, string | undefined>();
  for (const { key, authorization, integration, operationName } of document.routes) {
    const name = authorization.authorizer;
    if (name !== undefined && !authorizers.has(name)) {
      const wanted = document.authorizers.get(name);
      if (!wanted) throw badRequest(`Unable to find the authorizer ${name} of route ${key}`);
      authorizers.set(name, addAuthorizer(apis, api, wanted).AuthorizerId);
    }
    const added = integration && addIntegration(apis, api, integration);
    addRoute(apis, api, {
      RouteKey: key,
      AuthorizationType: authorization.type,
      ...given({
        AuthorizerId: name === undefined ? undefined : authorizers.get(name),
        AuthorizationScopes: authorization.scopes.length > 0 ? [...authorization.scopes] : undefined,
        Target: added && `integrations/${added.IntegrationId ?? ""}`,
        OperationName: operationName,
      }),
    });
  }
  apis.save(api);
}
