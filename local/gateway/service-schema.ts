/** What the gateway knows of a service from the schemas that its SDK client exports. */
import type { ServiceEntry } from "../core/service.ts";
import { type Codec, type Schema, schemaOf, type Traits, traitsOf, translated, xml } from "./shapes/codecs.ts";
import { type Route, routeOf } from "./protocols/rest-route.ts";

const OPERATION = 9;
const ERROR = -3;

export interface Operation {
  readonly name: string;
  readonly input: Schema;
  readonly output: Schema;
}

export interface ErrorShape {
  readonly schema: Schema;
  readonly status: number;
  /** The code in query protocols, which differs from the shape's name for older services. */
  readonly queryCode: string;
  readonly fault: "client" | "server";
}

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: {
    readonly xmlNamespace?: string;
    readonly defaultNamespace?: string;
    readonly awsQueryCompatible?: boolean;
  };
}

export class ServiceSchema {
  readonly id: string;
  readonly protocol: ServiceEntry["protocol"];
  readonly xmlNamespace: string;
  readonly isQueryCompatible: boolean;
  readonly xml: Codec;
  readonly operations = new Map<string, Operation>();
  readonly errors = new Map<string, ErrorShape>();
  /** REST routes by HTTP method, the most constrained first. */
  readonly routes: ReadonlyMap<string, readonly Route[]>;

  constructor(entry: ServiceEntry, sdk: unknown) {
    this.id = entry.id;
    this.protocol = entry.protocol;
    const config = clientConfig(sdk);
    this.xmlNamespace = config.protocolSettings.xmlNamespace ?? "";
    this.isQueryCompatible = config.protocolSettings.awsQueryCompatible ?? false;
    this.xml = xml({
      httpBindings: entry.protocol === "rest-xml",
      xmlNamespace: this.xmlNamespace,
      serviceNamespace: config.protocolSettings.defaultNamespace ?? "",
    });
    const routes: Route[] = [];
    for (const shape of Object.values(sdk as Record<string, unknown>)) {
      if (!Array.isArray(shape)) continue;
      if (shape[0] === ERROR) this.#addError(shape);
      if (shape[0] !== OPERATION) continue;
      const operation: Operation = { name: String(shape[2]), input: schemaOf(shape[4]), output: schemaOf(shape[5]) };
      this.operations.set(operation.name, operation);
      const { http } = translated(shape[3]);
      if (http) routes.push(routeOf(operation, http, entry.id === "s3"));
    }
    this.routes = Map.groupBy(
      routes.sort((a, b) => b.constraints - a.constraints),
      ({ method }) => method,
    );
  }

  /** The error shape for a name that a handler threw: a shape's name or its query code. */
  errorNamed(name: string): ErrorShape | undefined {
    return this.errors.get(name) ?? [...this.errors.values()].find((error) => error.queryCode === name);
  }

  #addError(shape: readonly unknown[]): void {
    const name = String(shape[2]);
    const traits: Traits = translated(shape[3]);
    const schema = schemaOf(shape);
    const fault = traits.error ?? traitsOf(schema).error ?? "client";
    this.errors.set(name, {
      schema,
      // Some models keep the status of a query protocol that their service no longer speaks (SSM).
      status:
        (this.protocol === "query" ? traits.awsQueryError?.[1] : undefined) ??
        traits.httpError ??
        (fault === "server" ? 500 : 400),
      queryCode: traits.awsQueryError?.[0] ?? name,
      fault,
    });
  }
}

/** The configuration of a throw-away client: where the SDK keeps protocol settings. */
function clientConfig(sdk: unknown): ClientConfig {
  const [, Client] =
    Object.entries(sdk as Record<string, unknown>).find(([name]) => /^[A-Z].*Client$/.test(name)) ?? [];
  if (typeof Client !== "function") throw new Error("The SDK module exports no client");
  const Constructor = Client as new (options: object) => { config: ClientConfig };
  return new Constructor({ region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } }).config;
}
