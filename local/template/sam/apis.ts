/** The APIs of a template while events add to them. The implicit ones come into being with the first event that needs them. */
import type { Fields } from "../value.ts";
import { HttpApi, IMPLICIT_HTTP_API } from "./http-api/http-api.ts";
import type { Lowering, SamResource } from "./lowering.ts";
import { IMPLICIT_REST_API, RestApi } from "./rest-api/rest-api.ts";

export class Apis {
  readonly #lowering: Lowering;
  readonly #globals: Readonly<Record<string, Fields>>;
  readonly #http = new Map<string, HttpApi>();
  readonly #rest = new Map<string, RestApi>();

  constructor(
    lowering: Lowering,
    sources: Readonly<Record<string, SamResource>>,
    globals: Readonly<Record<string, Fields>>,
  ) {
    this.#lowering = lowering;
    this.#globals = globals;
    for (const resource of Object.values(sources)) {
      if (resource.type === "AWS::Serverless::HttpApi") this.#http.set(resource.id, new HttpApi(lowering, resource));
      if (resource.type === "AWS::Serverless::Api") this.#rest.set(resource.id, new RestApi(lowering, resource));
    }
  }

  http(id: string): HttpApi | undefined {
    const api = this.#http.get(id);
    if (api || id !== IMPLICIT_HTTP_API) return api;
    const implicit = new HttpApi(this.#lowering, this.#implicit(id, "AWS::Serverless::HttpApi", {}));
    this.#http.set(id, implicit);
    return implicit;
  }

  rest(id: string): RestApi | undefined {
    const api = this.#rest.get(id);
    if (api || id !== IMPLICIT_REST_API) return api;
    const implicit = new RestApi(this.#lowering, this.#implicit(id, "AWS::Serverless::Api", { StageName: "Prod" }));
    this.#rest.set(id, implicit);
    return implicit;
  }

  #implicit(id: string, type: string, properties: Fields): SamResource {
    return {
      id,
      type,
      properties: { ...this.#globals[type], ...properties },
      metadata: {},
      attributes: {},
      passed: {},
      path: `Resources.${id}`,
    };
  }

  finish(): void {
    for (const api of [...this.#http.values(), ...this.#rest.values()]) api.finish();
  }
}
