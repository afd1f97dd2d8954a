/** ImportRestApi and PutRestApi. */
import type { EndpointType } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { type RestApis, type Sdk, type StoredApi, unsupported } from "../store.ts";
import { importInto, parseDocument } from "./import-document.ts";

export function importHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    ImportRestApi({ body, parameters }) {
      const document = parseDocument(body);
      const api = apis.create({});
      try {
        importInto(apis.cloud, api, document);
        applyParameters(api, parameters);
      } catch (error) {
        apis.delete(api.id);
        throw error;
      }
      apis.save(api);
      return api.shape;
    },
    PutRestApi({ restApiId, body, mode = "merge", parameters }) {
      const current = apis.byId(restApiId);
      const document = parseDocument(body);
      const rootId = current.shape.rootResourceId ?? "";
      const isMerge = mode === "merge";
      const kept = structuredClone(current);
      const next: StoredApi = isMerge
        ? kept
        : {
            ...kept,
            resources: { [rootId]: { id: rootId, path: "/" } },
            models: {},
            validators: {},
            authorizers: {},
            gatewayResponses: {},
          };
      importInto(apis.cloud, next, document);
      applyParameters(next, parameters);
      apis.save(next);
      return next.shape;
    },
  };
}

function applyParameters(api: StoredApi, parameters: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (name === "endpointConfigurationTypes") api.shape.endpointConfiguration = { types: [value as EndpointType] };
    else if (!(name === "ignore" || (name === "basepath" && value === "ignore")))
      throw unsupported(`the import parameter ${name}=${value}`);
  }
}
