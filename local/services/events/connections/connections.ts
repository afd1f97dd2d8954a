/** Connections and API destinations. Only API_KEY and BASIC are there: OAuth needs an authorization server. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers, Input } from "../../../core/service.ts";
import { page } from "../paging.ts";
import { type EventBridgeModule, invalid } from "../store.ts";
import {
  type Connection,
  connectionOf,
  connectionsOf,
  type Destination,
  destinationOf,
  destinationsOf,
} from "./store.ts";

type AuthParameters = NonNullable<Input<EventBridgeModule, "UpdateConnection">["AuthParameters"]>;

export function connectionHandlers(cloud: Cloud): Handlers<EventBridgeModule> {
  const connections = connectionsOf(cloud);
  const destinations = destinationsOf(cloud);
  return {
    CreateConnection({ Name = "", AuthorizationType = "API_KEY", AuthParameters, Description }) {
      if (connections.has(Name))
        throw new ServiceError("ResourceAlreadyExistsException", `Connection ${Name} already exists.`);
      const id = cloud.uuid();
      const connection: Connection = {
        name: Name,
        arn: cloud.arn("events", `connection/${Name}/${id}`),
        secretArn: cloud.arn("secretsmanager", `secret:events!connection/${Name}/${id}`),
        createdAt: cloud.clock.now(),
        description: Description,
        ...authorization(AuthorizationType, AuthParameters ?? {}),
      };
      connections.set(Name, connection);
      return {
        ConnectionArn: connection.arn,
        ConnectionState: "AUTHORIZED",
        CreationTime: new Date(connection.createdAt),
      };
    },
    UpdateConnection({ Name, AuthorizationType, AuthParameters, Description }) {
      const connection = connectionOf(cloud, Name ?? "");
      if (Description !== undefined) connection.description = Description;
      if (AuthParameters)
        Object.assign(connection, authorization(AuthorizationType ?? connection.type, AuthParameters));
      connections.set(connection.name, connection);
      return {
        ConnectionArn: connection.arn,
        ConnectionState: "AUTHORIZED",
        CreationTime: new Date(connection.createdAt),
      };
    },
    DescribeConnection({ Name }) {
      const connection = connectionOf(cloud, Name ?? "");
      return { ...shapeConnection(connection), SecretArn: connection.secretArn, AuthParameters: connection.shown };
    },
    DeleteConnection({ Name }) {
      const connection = connectionOf(cloud, Name ?? "");
      connections.delete(connection.name);
      return { ConnectionArn: connection.arn, ConnectionState: "DELETING" };
    },
    ListConnections({ NamePrefix = "", Limit, NextToken }) {
      const { items, nextToken } = page(
        [...connections.values()].filter(({ name }) => name.startsWith(NamePrefix)),
        Limit,
        NextToken,
      );
      return { Connections: items.map(shapeConnection), ...nextToken };
    },
    CreateApiDestination({
      Name = "",
      ConnectionArn = "",
      InvocationEndpoint = "",
      HttpMethod = "POST",
      Description,
      InvocationRateLimitPerSecond = 300,
    }) {
      if (destinations.has(Name))
        throw new ServiceError("ResourceAlreadyExistsException", `ApiDestination ${Name} already exists.`);
      if (!URL.canParse(InvocationEndpoint.replaceAll("*", "x")))
        throw invalid("Parameter InvocationEndpoint is not valid.");
      const destination: Destination = {
        name: Name,
        arn: cloud.arn("events", `api-destination/${Name}/${cloud.uuid()}`),
        createdAt: cloud.clock.now(),
        connectionArn: connectionOf(cloud, ConnectionArn).arn,
        endpoint: InvocationEndpoint,
        method: HttpMethod,
        description: Description,
        ratePerSecond: InvocationRateLimitPerSecond,
      };
      destinations.set(Name, destination);
      return {
        ApiDestinationArn: destination.arn,
        ApiDestinationState: "ACTIVE",
        CreationTime: new Date(destination.createdAt),
      };
    },
    DescribeApiDestination: ({ Name }) => shapeDestination(destinationOf(cloud, Name ?? "")),
    DeleteApiDestination({ Name }) {
      destinations.delete(destinationOf(cloud, Name ?? "").name);
      return {};
    },
    ListApiDestinations({ NamePrefix = "", Limit, NextToken }) {
      const { items, nextToken } = page(
        [...destinations.values()].filter(({ name }) => name.startsWith(NamePrefix)),
        Limit,
        NextToken,
      );
      return { ApiDestinations: items.map(shapeDestination), ...nextToken };
    },
  };
}

function authorization(type: string, parameters: AuthParameters): Pick<Connection, "type" | "headers" | "shown"> {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic } = parameters;
  if (type === "API_KEY" && key?.ApiKeyName && key.ApiKeyValue) {
    return {
      type,
      headers: { [key.ApiKeyName.toLowerCase()]: key.ApiKeyValue },
      shown: { ApiKeyAuthParameters: { ApiKeyName: key.ApiKeyName } },
    };
  }
  if (type === "BASIC" && basic?.Username && basic.Password !== undefined) {
    const token = Buffer.from(`${basic.Username}:${basic.Password}`).toString("base64");
    return {
      type,
      headers: { authorization: `Basic ${token}` },
      shown: { BasicAuthParameters: { Username: basic.Username } },
    };
  }
  throw type === "API_KEY" || type === "BASIC"
    ? invalid("Parameter AuthParameters is not valid. Reason: it does not fit AuthorizationType.")
    : new ServiceError("NotImplemented", `The local cloud does not implement connections of type ${type}`, {
        status: 501,
      });
}

const shapeConnection = (connection: Connection) => ({
  Name: connection.name,
  ConnectionArn: connection.arn,
  ConnectionState: "AUTHORIZED" as const,
  AuthorizationType: connection.type,
  CreationTime: new Date(connection.createdAt),
  ...(connection.description === undefined ? {} : { Description: connection.description }),
});

const shapeDestination = (destination: Destination) => ({
  Name: destination.name,
  ApiDestinationArn: destination.arn,
  ApiDestinationState: "ACTIVE" as const,
  ConnectionArn: destination.connectionArn,
  InvocationEndpoint: destination.endpoint,
  // The method was checked when the destination was made.
  HttpMethod: destination.method as "POST",
  InvocationRateLimitPerSecond: destination.ratePerSecond,
  CreationTime: new Date(destination.createdAt),
});
