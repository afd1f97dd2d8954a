/** All REST APIs of the account: what they are made of now, and what their stages serve. */
import type * as SDK from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { newId } from "./shared-management/ids.ts";

export type Sdk = typeof SDK;
export type Named<T> = Record<string, T>;

/** What a deployment freezes. */
export interface Definition {
  /** By id. */
  readonly resources: Named<SDK.Resource>;
  /** By name. */
  readonly models: Named<SDK.Model>;
  /** By id. */
  readonly validators: Named<SDK.RequestValidator>;
  /** By id. */
  readonly authorizers: Named<SDK.Authorizer>;
  /** By type. */
  readonly gatewayResponses: Named<SDK.GatewayResponse>;
}

export interface StoredDeployment {
  readonly shape: SDK.Deployment;
  readonly definition: Definition & { readonly settings: Settings };
}

/** Settings of the API itself that only a deployment makes effective. */
export type Settings = Pick<SDK.RestApi, "binaryMediaTypes" | "apiKeySource" | "policy">;

export interface StoredApi extends Definition {
  readonly id: string;
  shape: SDK.RestApi;
  readonly stages: Named<SDK.Stage>;
  readonly deployments: Named<StoredDeployment>;
}

export class RestApis {
  readonly cloud: Cloud;
  readonly #apis;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.#apis = cloud.storage.map<StoredApi>("apigateway.apis");
  }

  all(): StoredApi[] {
    return [...this.#apis.values()];
  }

  find(id: string): StoredApi | undefined {
    return this.#apis.get(id);
  }

  /** Throws NotFoundException. */
  byId(id: string | undefined): StoredApi {
    const api = this.#apis.get(id ?? "");
    if (!api) throw notFound(`Invalid API identifier specified ${this.cloud.accountId}:${id ?? ""}`);
    return api;
  }

  create(shape: SDK.RestApi): StoredApi {
    const id = newId(this.cloud, 10);
    const rootResourceId = newId(this.cloud, 10);
    const api: StoredApi = {
      id,
      shape: {
        apiKeySource: "HEADER",
        endpointConfiguration: { types: ["EDGE"] },
        disableExecuteApiEndpoint: false,
        ...shape,
        id,
        rootResourceId,
        createdDate: new Date(this.cloud.clock.now()),
      },
      resources: { [rootResourceId]: { id: rootResourceId, path: "/" } },
      models: {},
      validators: {},
      authorizers: {},
      gatewayResponses: {},
      stages: {},
      deployments: {},
    };
    this.#apis.set(id, api);
    return api;
  }

  /** Keeps what was changed in place. */
  save(api: StoredApi): void {
    this.#apis.set(api.id, api);
  }

  delete(id: string): void {
    this.#apis.delete(id);
  }

  /** Freezes the API as it is now. */
  deploy(api: StoredApi, description: string | undefined): SDK.Deployment {
    const id = newId(this.cloud, 6);
    const { resources, models, validators, authorizers, gatewayResponses } = api;
    const { binaryMediaTypes, apiKeySource, policy } = api.shape;
    const shape: SDK.Deployment = {
      id,
      createdDate: new Date(this.cloud.clock.now()),
      ...(description === undefined ? {} : { description }),
    };
    const definition = structuredClone({ resources, models, validators, authorizers, gatewayResponses });
    api.deployments[id] = {
      shape,
      definition: { ...definition, settings: { binaryMediaTypes, apiKeySource, policy } },
    };
    this.save(api);
    return shape;
  }
}

/** The resource of a path, made with all that lead to it. */
export function resourceAt(cloud: Pick<Cloud, "random">, api: StoredApi, path: string): SDK.Resource {
  const found = Object.values(api.resources).find((resource) => resource.path === path);
  if (found) return found;
  const cut = path.lastIndexOf("/");
  const parent = resourceAt(cloud, api, cut <= 0 ? "/" : path.slice(0, cut));
  const id = newId(cloud, 6);
  const resource: SDK.Resource = { id, parentId: parent.id, pathPart: path.slice(cut + 1), path };
  api.resources[id] = resource;
  return resource;
}

export const notFound = (message: string): ServiceError =>
  new ServiceError("NotFoundException", message, { status: 404 });
export const badRequest = (message: string): ServiceError =>
  new ServiceError("BadRequestException", message, { status: 400 });
export const conflict = (message: string): ServiceError =>
  new ServiceError("ConflictException", message, { status: 409 });
export const unsupported = (feature: string): ServiceError =>
  new ServiceError("NotImplemented", `The local cloud does not implement ${feature}`, { status: 501 });

/** The member of that id. Throws NotFoundException: `Invalid Resource identifier specified`. */
export function member<T>(members: Readonly<Named<T>>, kind: string, id: string | undefined): T {
  const found = members[id ?? ""];
  if (found === undefined) throw notFound(`Invalid ${kind} identifier specified`);
  return found;
}

/** One page; positions are offsets (25 at a time unless asked, at most 500). Throws BadRequestException. */
export function page<T>(
  all: readonly T[],
  limit: number | undefined,
  position: string | undefined,
): { items: T[]; position?: string } {
  const start = position === undefined ? 0 : Number(Buffer.from(position, "base64").toString());
  if (!Number.isInteger(start) || start < 0) throw badRequest("Invalid position parameter");
  const end = start + Math.min(limit === undefined || limit <= 0 ? 25 : limit, 500);
  return {
    items: all.slice(start, end),
    ...(end < all.length ? { position: Buffer.from(String(end)).toString("base64") } : {}),
  };
}
