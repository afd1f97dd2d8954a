/** Connections (how to sign in) and API destinations (where to send). */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";

export interface Connection {
  readonly name: string;
  readonly arn: string;
  readonly secretArn: string;
  readonly createdAt: number;
  description?: string | undefined;
  type: "API_KEY" | "BASIC";
  /** Headers that carry the authorization; secret. */
  headers: Record<string, string>;
  /** What describing it may show. */
  shown: Record<string, unknown>;
}

export interface Destination {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  connectionArn: string;
  endpoint: string;
  method: string;
  description?: string | undefined;
  ratePerSecond: number;
}

export const connectionsOf = (cloud: Cloud) => cloud.storage.map<Connection>("events.connections");
export const destinationsOf = (cloud: Cloud) => cloud.storage.map<Destination>("events.destinations");

const nameIn = (arn: string, kind: string): string => new RegExp(`:${kind}/([^/]+)`).exec(arn)?.[1] ?? arn;

/** By name or ARN. */
export function connectionOf(cloud: Cloud, arn: string): Connection {
  const connection = connectionsOf(cloud).get(nameIn(arn, "connection"));
  if (!connection)
    throw new ServiceError("ResourceNotFoundException", `Connection '${nameIn(arn, "connection")}' does not exist.`);
  return connection;
}

export function destinationOf(cloud: Cloud, arn: string): Destination {
  const destination = destinationsOf(cloud).get(nameIn(arn, "api-destination"));
  if (!destination)
    throw new ServiceError(
      "ResourceNotFoundException",
      `ApiDestination '${nameIn(arn, "api-destination")}' does not exist.`,
    );
  return destination;
}
