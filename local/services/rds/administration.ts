/** Tags, event subscriptions and recent events. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { page } from "./paging.ts";
import {
  type Cluster,
  eventsOf,
  type Instance,
  type RdsModule,
  type Store,
  type Subscription,
  subscriptionsOf,
  tagList,
  tagsFrom,
} from "./store.ts";

const FORTNIGHT_MS = 14 * 86_400_000;
const DEFAULT_WINDOW_MS = 3_600_000;

export function administrationHandlers(cloud: Cloud, store: Store): Handlers<RdsModule> {
  const named = (arn = ""): Instance | Cluster =>
    arn.includes(":cluster:") ? store.cluster(arn) : store.instance(arn);
  const subscriptions = subscriptionsOf(cloud);
  const shape = (subscription: Subscription) => ({
    CustSubscriptionId: subscription.name,
    EventSubscriptionArn: subscription.arn,
    SnsTopicArn: subscription.topicArn,
    Status: "active",
    Enabled: subscription.isEnabled,
    EventCategoriesList: [...subscription.categories],
    SourceIdsList: [...subscription.sourceIds],
    SubscriptionCreationTime: new Date(subscription.createdAt).toISOString(),
    ...(subscription.sourceType === undefined ? {} : { SourceType: subscription.sourceType }),
  });
  const subscription = (name = ""): Subscription => {
    const found = subscriptions.get(name);
    if (!found) throw new ServiceError("SubscriptionNotFound", `Subscription ${name} not found.`, { status: 404 });
    return found;
  };
  return {
    AddTagsToResource({ ResourceName, Tags }) {
      const resource = named(ResourceName);
      Object.assign(resource.tags, tagsFrom(Tags));
      store.save(resource);
      return {};
    },
    RemoveTagsFromResource({ ResourceName, TagKeys = [] }) {
      const resource = named(ResourceName);
      for (const key of TagKeys) delete resource.tags[key];
      store.save(resource);
      return {};
    },
    ListTagsForResource: ({ ResourceName }) => ({ TagList: tagList(named(ResourceName).tags) }),
    CreateEventSubscription({
      SubscriptionName = "",
      SnsTopicArn = "",
      SourceType,
      EventCategories = [],
      SourceIds = [],
      Enabled = true,
    }) {
      if (subscriptions.has(SubscriptionName))
        throw new ServiceError("SubscriptionAlreadyExist", `Subscription ${SubscriptionName} already exists.`);
      const made: Subscription = {
        name: SubscriptionName,
        arn: cloud.arn("rds", `es:${SubscriptionName}`),
        topicArn: SnsTopicArn,
        sourceType: SourceType,
        categories: EventCategories,
        sourceIds: SourceIds,
        isEnabled: Enabled,
        createdAt: cloud.clock.now(),
      };
      subscriptions.set(SubscriptionName, made);
      return { EventSubscription: shape(made) };
    },
    DeleteEventSubscription({ SubscriptionName }) {
      const found = subscription(SubscriptionName);
      subscriptions.delete(found.name);
      return { EventSubscription: shape(found) };
    },
    DescribeEventSubscriptions({ SubscriptionName, MaxRecords, Marker }) {
      const { items, marker } = page(
        SubscriptionName === undefined ? [...subscriptions.values()] : [subscription(SubscriptionName)],
        MaxRecords,
        Marker,
      );
      return { EventSubscriptionsList: items.map(shape), ...marker };
    },
    DescribeEvents({ SourceIdentifier, SourceType, StartTime, EndTime, Duration, MaxRecords, Marker }) {
      const now = cloud.clock.now();
      const to = EndTime?.getTime() ?? now;
      const from = Math.max(
        StartTime?.getTime() ?? to - (Duration === undefined ? DEFAULT_WINDOW_MS : Duration * 60_000),
        now - FORTNIGHT_MS,
      );
      const found = [...eventsOf(cloud).values()].filter(
        ({ at, sourceId, sourceType }) =>
          at >= from &&
          at <= to &&
          (SourceIdentifier === undefined || sourceId === SourceIdentifier) &&
          (SourceType === undefined || sourceType === SourceType),
      );
      const { items, marker } = page(found, MaxRecords, Marker);
      return {
        Events: items.map(({ at, sourceId, sourceArn, sourceType, categories, message }) => ({
          SourceIdentifier: sourceId,
          SourceArn: sourceArn,
          SourceType: sourceType,
          EventCategories: [...categories],
          Message: message,
          Date: new Date(at),
        })),
        ...marker,
      };
    },
  };
}
