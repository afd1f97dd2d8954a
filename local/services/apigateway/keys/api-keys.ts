/** CreateApiKey, GetApiKey, GetApiKeys, UpdateApiKey, DeleteApiKey. */
import type { ApiKey } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { applyPatch, booleanOf } from "../apis/patch.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, notFound, page, type Sdk } from "../store.ts";
import type { Keys } from "./store.ts";

export function apiKeyHandlers(keys: Keys): Handlers<Sdk> {
  return {
    CreateApiKey({ name, description, enabled = false, value, customerId, stageKeys, tags, generateDistinctId }) {
      if (value !== undefined && (value.length < 20 || value.length > 128))
        throw badRequest("API Key value should be at least 20 characters");
      if (value !== undefined && [...keys.keys.values()].some((key) => key.value === value))
        throw conflict("API Key already exists");
      const secret = value ?? newId(keys.cloud, 40);
      // Without a distinct id the id is derived from the value; here every id is its own.
      const id = newId(keys.cloud, generateDistinctId ? 20 : 10);
      const now = new Date(keys.cloud.clock.now());
      const key: ApiKey = {
        id,
        value: secret,
        enabled,
        createdDate: now,
        lastUpdatedDate: now,
        stageKeys: (stageKeys ?? []).map(({ restApiId = "", stageName = "" }) => `${restApiId}/${stageName}`),
        tags: tags ?? {},
        ...given({ name, description, customerId }),
      };
      keys.keys.set(id, key);
      return key;
    },
    GetApiKey: ({ apiKey, includeValue }) => shape(keyOf(keys, apiKey), includeValue),
    GetApiKeys({ limit, position, nameQuery, customerId, includeValues }) {
      const matching = [...keys.keys.values()].filter(
        (key) =>
          (nameQuery === undefined || key.name?.startsWith(nameQuery)) &&
          (customerId === undefined || key.customerId === customerId),
      );
      return page(
        matching.map((key) => shape(key, includeValues)),
        limit,
        position,
      );
    },
    UpdateApiKey({ apiKey, patchOperations }) {
      const key = { ...keyOf(keys, apiKey) };
      applyPatch(patchOperations, ({ op, path: [first], value }) => {
        if (first === "enabled") key.enabled = booleanOf(value);
        else if (first === "name" || first === "description" || first === "customerId") key[first] = value;
        else return false;
        return op === "replace";
      });
      key.lastUpdatedDate = new Date(keys.cloud.clock.now());
      keys.keys.set(key.id ?? "", key);
      return shape(key, false);
    },
    DeleteApiKey({ apiKey }) {
      const { id = "" } = keyOf(keys, apiKey);
      keys.keys.delete(id);
      for (const plan of keys.plans.values()) {
        const at = plan.keyIds.indexOf(id);
        if (at < 0) continue;
        plan.keyIds.splice(at, 1);
        keys.plans.set(plan.shape.id ?? "", plan);
      }
      return {};
    },
  };
}

/** Throws NotFoundException. */
export function keyOf(keys: Keys, id: string | undefined): ApiKey {
  const key = keys.keys.get(id ?? "");
  if (!key) throw notFound("Invalid API Key identifier specified");
  return key;
}

/** The value is shown only to those who ask for it. */
function shape(key: ApiKey, includeValue: boolean | undefined): ApiKey {
  const { value, ...rest } = key;
  return includeValue ? { ...rest, ...given({ value }) } : rest;
}
