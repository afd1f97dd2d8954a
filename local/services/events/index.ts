/** Amazon EventBridge: buses, rules by pattern and schedule, targets with retries, archives and replays, API destinations. */
import * as EventBridge from "@aws-sdk/client-eventbridge";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { archiveHandlers } from "./archives/archives.ts";
import { replayHandlers } from "./archives/replays.ts";
import { expireArchived } from "./archives/store.ts";
import { busHandlers } from "./buses/buses.ts";
import { putEvents } from "./buses/put-events.ts";
import { connectionHandlers } from "./connections/connections.ts";
import { resumeDeliveries } from "./delivery/deliver.ts";
import { permissionsOf } from "./permissions.ts";
import { resources } from "./resources.ts";
import { ruleHandlers } from "./rules/rules.ts";
import { createSchedules } from "./rules/schedules.ts";
import { targetHandlers } from "./rules/targets.ts";
import { createStore, type EventBridgeModule } from "./store.ts";
import { tagHandlers } from "./tags.ts";

const DAY = 86_400_000;

export function create(cloud: Cloud): Service<EventBridgeModule> {
  const store = createStore(cloud);
  const schedules = createSchedules(cloud, store);
  const expire = () => {
    expireArchived(cloud);
    cloud.clock.after(DAY, expire, { background: true });
  };
  cloud.clock.after(DAY, expire, { background: true });
  return {
    sdk: EventBridge,
    handlers: {
      PutEvents: putEvents(cloud, store),
      ...busHandlers(cloud, store),
      ...ruleHandlers(cloud, store, schedules),
      ...targetHandlers(store),
      ...archiveHandlers(cloud, store),
      ...replayHandlers(cloud, store),
      ...connectionHandlers(cloud),
      ...tagHandlers(store),
    },
    permissions: permissionsOf(cloud, store),
    resourcePolicy: (arn) => [...store.buses.values()].find((bus) => bus.arn === arn)?.policy ?? servicePolicy(arn),
    resources: resources(cloud),
    resume() {
      for (const rule of store.rules.values()) schedules.arm(rule);
      resumeDeliveries(cloud);
    },
  };
}

/** AWS services put their own events on the default bus without any policy. */
const servicePolicy = (arn: string) =>
  arn.endsWith(":event-bus/default")
    ? {
        Statement: [
          {
            Effect: "Allow" as const,
            Principal: {
              Service: ["s3.amazonaws.com", "rds.amazonaws.com", "states.amazonaws.com", "cloudwatch.amazonaws.com"],
            },
            Action: "events:PutEvents",
            Resource: arn,
          },
        ],
      }
    : undefined;
