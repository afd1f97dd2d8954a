import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import { busName, type Store } from "./store.ts";

/** Actions, resources, and condition keys for Amazon EventBridge (Service Authorization Reference). */
export function permissionsOf(cloud: Cloud, store: Store) {
  return (operation: string, input: Readonly<Record<string, unknown>>): readonly Permission[] => {
    // Each entry names its own bus: the handler asks for each.
    if (operation === "PutEvents") return [];
    const text = (name: string) => (typeof input[name] === "string" ? input[name] : "");
    const bus = busName(text("EventBusName") || "default");
    const rule = (name: string) => cloud.arn("events", bus === "default" ? `rule/${name}` : `rule/${bus}/${name}`);
    const named = text("Name");
    const action = `events:${operation}`;
    if (/^(PutRule|DescribeRule|DeleteRule|EnableRule|DisableRule)$/.test(operation))
      return [{ action, resource: rule(named) }];
    if (/^(PutTargets|RemoveTargets|ListTargetsByRule)$/.test(operation))
      return [{ action, resource: rule(text("Rule")) }];
    if (operation.endsWith("EventBus"))
      return [{ action, resource: cloud.arn("events", `event-bus/${busName(named || "default")}`) }];
    if (operation.endsWith("Permission"))
      return [{ action, resource: store.buses.get(bus)?.arn ?? cloud.arn("events", `event-bus/${bus}`) }];
    if (operation.endsWith("Archive"))
      return [{ action, resource: cloud.arn("events", `archive/${text("ArchiveName")}`) }];
    if (operation.endsWith("Replay"))
      return [{ action, resource: cloud.arn("events", `replay/${text("ReplayName")}`) }];
    if (operation.endsWith("ApiDestination"))
      return [{ action, resource: cloud.arn("events", `api-destination/${named}/*`) }];
    if (operation.endsWith("Connection")) return [{ action, resource: cloud.arn("events", `connection/${named}/*`) }];
    return [{ action, resource: "*" }];
  };
}
