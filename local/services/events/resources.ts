/** AWS::Events::* resources, made through the service's own API as the account. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../core/service.ts";
import type { Target } from "./store.ts";

const text = (properties: Properties, name: string): string | undefined =>
  typeof properties[name] === "string" || typeof properties[name] === "number" ? String(properties[name]) : undefined;
/** Leaves out members that a template does not set. */
const given = <T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
const json = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);

export function resources(cloud: Cloud): Readonly<Record<string, ResourceProvider>> {
  return {
    "AWS::Events::EventBus": eventBus(cloud),
    "AWS::Events::EventBusPolicy": eventBusPolicy(cloud),
    "AWS::Events::Rule": rule(cloud),
    "AWS::Events::Archive": archive(cloud),
    "AWS::Events::Connection": connection(cloud),
    "AWS::Events::ApiDestination": apiDestination(cloud),
  };
}

function eventBus(cloud: Cloud): ResourceProvider {
  return {
    known: { Name: true, Description: true, Policy: true, Tags: true, DeadLetterConfig: true, KmsKeyIdentifier: true },
    async create(properties) {
      const name = text(properties, "Name") ?? "";
      const { EventBusArn } = await cloud.call(
        "events",
        "CreateEventBus",
        given({ Name: name, Description: text(properties, "Description") }),
        ACCOUNT,
      );
      const policy = json(properties["Policy"]);
      if (policy !== undefined)
        await cloud.call("events", "PutPermission", { EventBusName: name, Policy: policy }, ACCOUNT);
      return { physicalId: name, attributes: { Arn: EventBusArn, Name: name } };
    },
    delete: async (physicalId) => void (await cloud.call("events", "DeleteEventBus", { Name: physicalId }, ACCOUNT)),
  };
}

function eventBusPolicy(cloud: Cloud): ResourceProvider {
  const put = async (properties: Properties) => {
    const statement = properties["Statement"];
    const bus = text(properties, "EventBusName") ?? "default";
    const id = text(properties, "StatementId") ?? "";
    const members = {
      EventBusName: bus,
      StatementId: id,
      Action: text(properties, "Action"),
      Principal: text(properties, "Principal"),
    };
    const policy =
      statement === undefined ? undefined : JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await cloud.call(
      "events",
      "PutPermission",
      policy === undefined ? given(members) : { EventBusName: bus, Policy: policy },
      ACCOUNT,
    );
    return { physicalId: `${bus}|${id}` };
  };
  return {
    known: { EventBusName: true, StatementId: true, Statement: true, Action: true, Principal: true, Condition: true },
    create: put,
    update: (_physicalId, properties) => put(properties),
    delete: async (physicalId) => {
      const [bus = "default", id = ""] = physicalId.split("|");
      await ignoringMissing(cloud.call("events", "RemovePermission", { EventBusName: bus, StatementId: id }, ACCOUNT));
    },
  };
}

function rule(cloud: Cloud): ResourceProvider {
  const put = async (name: string, properties: Properties) => {
    const bus = text(properties, "EventBusName");
    const { RuleArn } = await cloud.call(
      "events",
      "PutRule",
      given({
        Name: name,
        EventBusName: bus,
        EventPattern: json(properties["EventPattern"]),
        ScheduleExpression: text(properties, "ScheduleExpression"),
        State: text(properties, "State") as "ENABLED" | undefined,
        Description: text(properties, "Description"),
        RoleArn: text(properties, "RoleArn"),
      }),
      ACCOUNT,
    );
    const wanted = (properties["Targets"] ?? []) as readonly Target[];
    const present = await cloud.call("events", "ListTargetsByRule", given({ Rule: name, EventBusName: bus }), ACCOUNT);
    const gone = (present.Targets ?? []).flatMap(({ Id }) =>
      Id !== undefined && !wanted.some((target) => target.Id === Id) ? [Id] : [],
    );
    if (gone.length > 0)
      await cloud.call("events", "RemoveTargets", given({ Rule: name, EventBusName: bus, Ids: gone }), ACCOUNT);
    if (wanted.length > 0) {
      const { FailedEntries = [] } = await cloud.call(
        "events",
        "PutTargets",
        given({ Rule: name, EventBusName: bus, Targets: wanted.map(withNumbers) }),
        ACCOUNT,
      );
      const failed = FailedEntries[0];
      if (failed)
        throw new ServiceError(
          failed.ErrorCode ?? "ValidationException",
          `Target ${failed.TargetId ?? ""}: ${failed.ErrorMessage ?? ""}`,
        );
    }
    return {
      physicalId: bus === undefined || bus === "default" ? name : `${bus}|${name}`,
      attributes: { Arn: RuleArn },
    };
  };
  const nameIn = (physicalId: string) => physicalId.split("|").at(-1) ?? physicalId;
  return {
    known: {
      Name: true,
      EventBusName: true,
      EventPattern: true,
      ScheduleExpression: true,
      State: true,
      Description: true,
      RoleArn: true,
      Targets: true,
      Tags: true,
    },
    create: (properties, context) => put(text(properties, "Name") ?? context.physicalName(64), properties),
    update: (physicalId, properties, previous) =>
      text(properties, "Name") !== text(previous, "Name") ||
      text(properties, "EventBusName") !== text(previous, "EventBusName")
        ? "replace"
        : put(nameIn(physicalId), properties),
    async delete(physicalId, properties) {
      const bus = given({ EventBusName: text(properties, "EventBusName") });
      const Rule = nameIn(physicalId);
      const { Targets = [] } = await cloud.call("events", "ListTargetsByRule", { Rule, ...bus }, ACCOUNT);
      if (Targets.length > 0)
        await cloud.call("events", "RemoveTargets", { Rule, ...bus, Ids: Targets.map(({ Id }) => Id ?? "") }, ACCOUNT);
      await cloud.call("events", "DeleteRule", { Name: Rule, ...bus }, ACCOUNT);
    },
  };
}

/** Template parameters arrive as text. */
const withNumbers = (target: Target): Target => {
  const retry = target.RetryPolicy;
  if (!retry) return target;
  const numbers = Object.fromEntries(Object.entries(retry).map(([name, value]) => [name, Number(value)]));
  return { ...target, RetryPolicy: numbers };
};

function archive(cloud: Cloud): ResourceProvider {
  const members = (name: string, properties: Properties) =>
    given({
      ArchiveName: name,
      Description: text(properties, "Description"),
      EventPattern: json(properties["EventPattern"]),
      RetentionDays: properties["RetentionDays"] === undefined ? undefined : Number(properties["RetentionDays"]),
    });
  return {
    known: {
      ArchiveName: true,
      SourceArn: true,
      Description: true,
      EventPattern: true,
      RetentionDays: true,
      KmsKeyIdentifier: true,
    },
    async create(properties, context) {
      const name = text(properties, "ArchiveName") ?? context.physicalName(48);
      const { ArchiveArn } = await cloud.call(
        "events",
        "CreateArchive",
        { ...members(name, properties), EventSourceArn: text(properties, "SourceArn") ?? "" },
        ACCOUNT,
      );
      return { physicalId: name, attributes: { Arn: ArchiveArn, ArchiveName: name } };
    },
    async update(physicalId, properties, previous) {
      if (
        text(properties, "ArchiveName") !== text(previous, "ArchiveName") ||
        text(properties, "SourceArn") !== text(previous, "SourceArn")
      )
        return "replace";
      const { ArchiveArn } = await cloud.call("events", "UpdateArchive", members(physicalId, properties), ACCOUNT);
      return { physicalId, attributes: { Arn: ArchiveArn, ArchiveName: physicalId } };
    },
    delete: async (physicalId) =>
      void (await ignoringMissing(cloud.call("events", "DeleteArchive", { ArchiveName: physicalId }, ACCOUNT))),
  };
}

function connection(cloud: Cloud): ResourceProvider {
  return {
    known: { Name: true, Description: true, AuthorizationType: true, AuthParameters: true, KmsKeyIdentifier: true },
    async create(properties, context) {
      const name = text(properties, "Name") ?? context.physicalName(64);
      const { ConnectionArn } = await cloud.call(
        "events",
        "CreateConnection",
        {
          ...given({ Name: name, Description: text(properties, "Description") }),
          AuthorizationType: text(properties, "AuthorizationType") as "API_KEY",
          AuthParameters: (properties["AuthParameters"] ?? {}) as object,
        },
        ACCOUNT,
      );
      const { SecretArn } = await cloud.call("events", "DescribeConnection", { Name: name }, ACCOUNT);
      return { physicalId: name, attributes: { Arn: ConnectionArn, SecretArn } };
    },
    delete: async (physicalId) =>
      void (await ignoringMissing(cloud.call("events", "DeleteConnection", { Name: physicalId }, ACCOUNT))),
  };
}

function apiDestination(cloud: Cloud): ResourceProvider {
  return {
    known: {
      Name: true,
      Description: true,
      ConnectionArn: true,
      InvocationEndpoint: true,
      HttpMethod: true,
      InvocationRateLimitPerSecond: true,
    },
    async create(properties, context) {
      const name = text(properties, "Name") ?? context.physicalName(64);
      const { ApiDestinationArn } = await cloud.call(
        "events",
        "CreateApiDestination",
        {
          Name: name,
          ConnectionArn: text(properties, "ConnectionArn") ?? "",
          InvocationEndpoint: text(properties, "InvocationEndpoint") ?? "",
          HttpMethod: text(properties, "HttpMethod") as "POST",
          ...given({ Description: text(properties, "Description") }),
        },
        ACCOUNT,
      );
      return { physicalId: name, attributes: { Arn: ApiDestinationArn } };
    },
    delete: async (physicalId) =>
      void (await ignoringMissing(cloud.call("events", "DeleteApiDestination", { Name: physicalId }, ACCOUNT))),
  };
}

/** What is already gone need not be deleted. */
async function ignoringMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ServiceError && error.name === "ResourceNotFoundException")) throw error;
  }
}
