/** Event buses and their policies. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";
import type { Handlers } from "../../../core/service.ts";
import { isResourcePolicy } from "../../resource-policy.ts";
import { page } from "../paging.ts";
import { type Bus, type EventBridgeModule, invalid, type Store } from "../store.ts";

const NAME = /^[/.\-_A-Za-z0-9]{1,256}$/;

export function busHandlers(cloud: Cloud, store: Store): Handlers<EventBridgeModule> {
  const { buses } = store;
  const shape = (bus: Bus) => ({
    Name: bus.name,
    Arn: bus.arn,
    ...(bus.description === undefined ? {} : { Description: bus.description }),
    ...(bus.policy === undefined ? {} : { Policy: JSON.stringify(bus.policy) }),
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.createdAt),
  });
  return {
    CreateEventBus({ Name = "", Description, Tags = [] }) {
      if (!NAME.test(Name))
        throw invalid(
          `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+`,
        );
      if (buses.has(Name))
        throw new ServiceError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
      const bus: Bus = {
        name: Name,
        arn: cloud.arn("events", `event-bus/${Name}`),
        createdAt: cloud.clock.now(),
        description: Description,
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      };
      buses.set(Name, bus);
      return { EventBusArn: bus.arn };
    },
    DescribeEventBus: ({ Name }) => shape(store.bus(Name)),
    DeleteEventBus({ Name }) {
      if (Name === "default") throw invalid("Cannot delete event bus default.");
      if (!buses.has(Name ?? "")) return {};
      if (store.rulesOf(store.bus(Name).name).length > 0)
        throw invalid(`Event bus ${Name} cannot be deleted since it has rules.`);
      buses.delete(store.bus(Name).name);
      return {};
    },
    ListEventBuses({ NamePrefix = "", Limit, NextToken }) {
      const found = [...buses.values()].filter(({ name }) => name.startsWith(NamePrefix));
      const { items, nextToken } = page(found, Limit, NextToken);
      return { EventBuses: items.map(shape), ...nextToken };
    },
    PutPermission({ EventBusName, StatementId, Principal, Action, Policy }) {
      const bus = store.bus(EventBusName);
      if (Policy !== undefined) bus.policy = parsePolicy(Policy);
      else {
        if (!StatementId || !Principal || !Action)
          throw invalid("StatementId, Principal and Action are required without a Policy.");
        const statement: Statement = {
          Sid: StatementId,
          Effect: "Allow",
          Principal: Principal === "*" ? "*" : { AWS: `arn:aws:iam::${Principal}:root` },
          Action,
          Resource: bus.arn,
        };
        bus.policy = {
          Version: "2012-10-17",
          Statement: [...statementsOf(bus).filter(({ Sid }) => Sid !== StatementId), statement],
        };
      }
      buses.set(bus.name, bus);
      return {};
    },
    RemovePermission({ EventBusName, StatementId, RemoveAllPermissions }) {
      const bus = store.bus(EventBusName);
      const kept = RemoveAllPermissions ? [] : statementsOf(bus).filter(({ Sid }) => Sid !== StatementId);
      if (!RemoveAllPermissions && kept.length === statementsOf(bus).length) {
        throw new ServiceError("ResourceNotFoundException", `Statement with the provided id does not exist.`);
      }
      bus.policy = kept.length === 0 ? undefined : { Version: "2012-10-17", Statement: kept };
      buses.set(bus.name, bus);
      return {};
    },
  };
}

const statementsOf = (bus: Bus): readonly Statement[] =>
  bus.policy === undefined ? [] : ([bus.policy.Statement].flat() as readonly Statement[]);

function parsePolicy(text: string): PolicyDocument {
  if (!isResourcePolicy(text)) throw invalid("Policy is not valid JSON.");
  return JSON.parse(text) as PolicyDocument; // The check has shown that it is one.
}
