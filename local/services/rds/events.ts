/** RDS events (Amazon RDS event categories and event messages): to EventBridge and to event subscriptions on SNS topics. */
import type { Cloud } from "../../core/cloud.ts";
import { asService } from "../../core/principal.ts";
import { type Cluster, eventsOf, type Instance, subscriptionsOf } from "./store.ts";

interface EventKind {
  readonly id: string;
  readonly categories: readonly string[];
  readonly message: string;
}

const notification = (id: string, message: string): EventKind => ({
  id: `RDS-EVENT-${id}`,
  categories: ["notification"],
  message,
});

export const EVENTS = {
  instance: {
    created: { id: "RDS-EVENT-0005", categories: ["creation"], message: "DB instance created." },
    deleted: { id: "RDS-EVENT-0003", categories: ["deletion"], message: "DB instance deleted." },
    stopped: notification("0087", "DB instance stopped."),
    started: notification("0088", "DB instance started."),
    autoStart: notification(
      "0154",
      "DB instance is being started due to it exceeding the maximum allowed time being stopped.",
    ),
  },
  cluster: {
    created: { id: "RDS-EVENT-0170", categories: ["creation"], message: "DB cluster created." },
    deleted: { id: "RDS-EVENT-0171", categories: ["deletion"], message: "DB cluster deleted." },
    stopped: notification("0150", "DB cluster stopped."),
    started: notification("0151", "DB cluster started."),
    autoStart: notification(
      "0153",
      "DB cluster is being started due to it exceeding the maximum allowed time being stopped.",
    ),
  },
} as const;

export type Happening = keyof typeof EVENTS.instance;

export function announce(cloud: Cloud, resource: Instance | Cluster, happening: Happening): void {
  const kind: EventKind = EVENTS[resource.kind][happening];
  const at = cloud.clock.now();
  const sourceType = resource.kind === "instance" ? "db-instance" : "db-cluster";
  eventsOf(cloud).set(cloud.uuid(), {
    at,
    sourceId: resource.id,
    sourceArn: resource.arn,
    sourceType,
    categories: kind.categories,
    message: kind.message,
    eventId: kind.id,
  });
  cloud.clock.background(`rds event of ${resource.id}`, () => toEventBridge(cloud, resource, kind, at));
  for (const subscription of subscriptionsOf(cloud).values()) {
    const isWanted =
      subscription.isEnabled &&
      (subscription.sourceType === undefined || subscription.sourceType === sourceType) &&
      (subscription.categories.length === 0 ||
        kind.categories.some((category) => subscription.categories.includes(category))) &&
      (subscription.sourceIds.length === 0 || subscription.sourceIds.includes(resource.id));
    if (isWanted)
      cloud.clock.background(`rds event to ${subscription.name}`, () =>
        toTopic(cloud, subscription.topicArn, subscription.arn, resource, kind, at),
      );
  }
}

async function toEventBridge(cloud: Cloud, resource: Instance | Cluster, kind: EventKind, at: number): Promise<void> {
  const isInstance = resource.kind === "instance";
  const detail = {
    EventCategories: kind.categories,
    SourceType: isInstance ? "DB_INSTANCE" : "CLUSTER",
    SourceArn: resource.arn,
    Date: new Date(at).toISOString(),
    Message: kind.message,
    SourceIdentifier: resource.id,
    EventID: kind.id,
  };
  await cloud.call(
    "events",
    "PutEvents",
    {
      Entries: [
        {
          Source: "aws.rds",
          DetailType: isInstance ? "RDS DB Instance Event" : "RDS DB Cluster Event",
          Resources: [resource.arn],
          Detail: JSON.stringify(detail),
          Time: new Date(at),
        },
      ],
    },
    asService("rds.amazonaws.com", resource.arn),
  );
}

async function toTopic(
  cloud: Cloud,
  topicArn: string,
  subscriptionArn: string,
  resource: Instance | Cluster,
  kind: EventKind,
  at: number,
): Promise<void> {
  const message = {
    "Event Source": resource.kind === "instance" ? "db-instance" : "db-cluster",
    "Event Time": new Date(at).toISOString().replace("T", " ").replace("Z", ""),
    "Identifier Link": `https://console.aws.amazon.com/rds/home?region=${cloud.region}#dbinstance:id=${resource.id}`,
    "Source ID": resource.id,
    "Source ARN": resource.arn,
    "Event ID": `http://docs.amazonwebservices.com/AmazonRDS/latest/UserGuide/USER_Events.html#${kind.id}`,
    "Event Message": kind.message,
  };
  await cloud.call(
    "sns",
    "Publish",
    { TopicArn: topicArn, Subject: "RDS Notification Message", Message: JSON.stringify(message) },
    asService("events.rds.amazonaws.com", subscriptionArn),
  );
}
