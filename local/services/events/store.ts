/** What EventBridge keeps: buses, their rules and targets, archives and replays, connections and API destinations. */
import type * as EventBridge from "@aws-sdk/client-eventbridge";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { PolicyDocument } from "../../core/principal.ts";
import type { StoredMap } from "../../core/storage.ts";

export type EventBridgeModule = typeof EventBridge;
export type Target = EventBridge.Target;

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  description?: string | undefined;
  policy?: PolicyDocument | undefined;
  tags: Record<string, string>;
}

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly createdAt: number;
  /** When the schedule began to count, epoch ms. */
  scheduledSince: number;
  pattern?: string | undefined;
  schedule?: string | undefined;
  description?: string | undefined;
  roleArn?: string | undefined;
  isEnabled: boolean;
  targets: Target[];
  tags: Record<string, string>;
}

/** An event as rules see it and targets get it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 without fractions of a second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
  readonly "replay-name"?: string;
}

export interface Store {
  readonly buses: StoredMap<Bus>;
  /** By `<bus>/<rule>`. */
  readonly rules: StoredMap<Rule>;
  bus(nameOrArn: string | undefined): Bus;
  rule(name: string | undefined, bus: string | undefined): Rule;
  rulesOf(bus: string): Rule[];
}

export const ruleKey = (bus: string, name: string): string => `${bus}/${name}`;

export function createStore(cloud: Cloud): Store {
  const buses = cloud.storage.map<Bus>("events.buses");
  const rules = cloud.storage.map<Rule>("events.rules");
  // Every account has a default bus.
  if (!buses.has("default")) {
    buses.set("default", {
      name: "default",
      arn: cloud.arn("events", "event-bus/default"),
      createdAt: cloud.clock.now(),
      tags: {},
    });
  }
  const store: Store = {
    buses,
    rules,
    bus(nameOrArn = "default") {
      const name = busName(nameOrArn);
      const bus = buses.get(name);
      if (!bus) throw new ServiceError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
      return bus;
    },
    rule(name, bus) {
      const { name: busNamed } = store.bus(bus);
      const rule = rules.get(ruleKey(busNamed, name ?? ""));
      if (!rule)
        throw new ServiceError(
          "ResourceNotFoundException",
          `Rule ${name ?? ""} does not exist on EventBus ${busNamed}.`,
        );
      return rule;
    },
    rulesOf: (bus) => [...rules.values()].filter((rule) => rule.bus === bus),
  };
  return store;
}

/** `arn:aws:events:…:event-bus/orders` and `orders` name the same bus. */
export const busName = (nameOrArn: string): string => /:event-bus\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

export const invalid = (message: string): ServiceError => new ServiceError("ValidationException", message);
