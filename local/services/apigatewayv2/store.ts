/** All HTTP APIs of the account: what they are made of now, and what their stages serve. */
import type * as SDK from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { newId } from "../apigateway/shared-management/ids.ts";

export type Sdk = typeof SDK;
export type Named<T> = Record<string, T>;

/** What a deployment freezes. */
export interface Definition {
  readonly routes: Named<SDK.Route>;
  readonly integrations: Named<SDK.Integration>;
  readonly authorizers: Named<SDK.Authorizer>;
}

export interface StoredDeployment {
  readonly shape: SDK.Deployment;
  readonly definition: Definition;
}

export interface StoredApi extends Definition {
  readonly id: string;
  shape: SDK.Api;
  readonly stages: Named<SDK.Stage>;
  readonly deployments: Named<StoredDeployment>;
}

export class Apis {
  readonly cloud: Cloud;
  readonly #apis;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.#apis = cloud.storage.map<StoredApi>("apigatewayv2.apis");
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

  create(shape: Omit<SDK.Api, "ApiId" | "ApiEndpoint" | "CreatedDate">): StoredApi {
    const id = newId(this.cloud, 10);
    const api: StoredApi = {
      id,
      shape: {
        ...shape,
        ApiId: id,
        ApiEndpoint: `${this.cloud.endpoint}/_apis/${id}`,
        CreatedDate: new Date(this.cloud.clock.now()),
      },
      routes: {},
      integrations: {},
      authorizers: {},
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

  /** Keeps a changed definition; stages with automatic deployment serve it from now on. */
  saveDefinition(api: StoredApi): void {
    for (const stage of Object.values(api.stages)) if (stage.AutoDeploy) this.autoDeploy(api, stage);
    this.save(api);
  }

  autoDeploy(api: StoredApi, stage: SDK.Stage): void {
    const previous = stage.DeploymentId;
    const deployment = this.deploy(api, {
      Description: "Automatic deployment triggered by changes to the Api configuration",
      AutoDeployed: true,
    });
    stage.DeploymentId = deployment.DeploymentId;
    stage.LastDeploymentStatusMessage = `Successfully deployed stage with deployment ID '${deployment.DeploymentId ?? ""}'`;
    // AWS keeps them all; here only what a stage serves, for there may be one for every resource of a template.
    if (previous !== undefined && api.deployments[previous]?.shape.AutoDeployed) {
      const isServed = Object.values(api.stages).some(({ DeploymentId }) => DeploymentId === previous);
      if (!isServed) delete api.deployments[previous];
    }
  }

  deploy(api: StoredApi, shape: SDK.Deployment): SDK.Deployment {
    const id = newId(this.cloud, 6);
    const { routes, integrations, authorizers } = api;
    const deployment: StoredDeployment = {
      shape: {
        ...shape,
        DeploymentId: id,
        DeploymentStatus: "DEPLOYED",
        CreatedDate: new Date(this.cloud.clock.now()),
      },
      definition: structuredClone({ routes, integrations, authorizers }),
    };
    api.deployments[id] = deployment;
    this.save(api);
    return deployment.shape;
  }

  delete(id: string): void {
    this.#apis.delete(id);
  }
}

export const notFound = (message: string): ServiceError =>
  new ServiceError("NotFoundException", message, { status: 404 });
export const badRequest = (message: string): ServiceError =>
  new ServiceError("BadRequestException", message, { status: 400 });
export const conflict = (message: string): ServiceError =>
  new ServiceError("ConflictException", message, { status: 409 });
export const unsupported = (feature: string): ServiceError =>
  new ServiceError("NotImplemented", `The local cloud does not implement ${feature}`, { status: 501 });

/** The member of that id. Throws NotFoundException. */
export function member<T>(members: Readonly<Named<T>>, kind: string, id: string | undefined): T {
  const found = members[id ?? ""];
  if (found === undefined) throw notFound(`Unable to find ${kind} by id ${id ?? ""} within the provided API`);
  return found;
}

/** One page; tokens are offsets. `MaxResults` is text in this API. Throws BadRequestException. */
export function page<T>(
  items: readonly T[],
  maxResults: string | undefined,
  token: string | undefined,
): { Items: T[]; NextToken?: string } {
  const size = maxResults === undefined ? 100 : Number(maxResults);
  if (!Number.isInteger(size) || size < 1) throw badRequest(`Invalid maxResults value: ${maxResults ?? ""}`);
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64").toString());
  if (!Number.isInteger(start) || start < 0) throw badRequest("Invalid nextToken");
  const end = start + Math.min(size, 500);
  return {
    Items: items.slice(start, end),
    ...(end < items.length ? { NextToken: Buffer.from(String(end)).toString("base64") } : {}),
  };
}
