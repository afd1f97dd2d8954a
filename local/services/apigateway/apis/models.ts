/** Models: JSON schemas of bodies. */
import type { Model } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, member, page, type RestApis, type Sdk } from "../store.ts";
import { applyPatch } from "./patch.ts";

export function modelHandlers(apis: RestApis): Handlers<Sdk> {
  return {
    CreateModel({ restApiId, name = "", contentType, description, schema = "{}" }) {
      const api = apis.byId(restApiId);
      if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
      if (api.models[name]) throw conflict("Model name already exists for this REST API");
      checkSchema(schema);
      const model: Model = { id: newId(apis.cloud, 6), name, schema, ...given({ contentType, description }) };
      api.models[name] = model;
      apis.save(api);
      return model;
    },
    GetModel: ({ restApiId, modelName }) => member(apis.byId(restApiId).models, "Model", modelName),
    GetModels: ({ restApiId, limit, position }) => page(Object.values(apis.byId(restApiId).models), limit, position),
    UpdateModel({ restApiId, modelName, patchOperations }) {
      const api = apis.byId(restApiId);
      const model = { ...member(api.models, "Model", modelName) };
      applyPatch(patchOperations, ({ op, path: [first], value }) => {
        if (first === "schema") checkSchema(value);
        if (first !== "schema" && first !== "description") return false;
        model[first] = value;
        return op === "replace";
      });
      api.models[model.name ?? ""] = model;
      apis.save(api);
      return model;
    },
    DeleteModel({ restApiId, modelName }) {
      const api = apis.byId(restApiId);
      delete api.models[member(api.models, "Model", modelName).name ?? ""];
      apis.save(api);
      return {};
    },
  };
}

function checkSchema(schema: string): void {
  try {
    JSON.parse(schema);
  } catch {
    throw badRequest("Invalid model schema specified");
  }
}
