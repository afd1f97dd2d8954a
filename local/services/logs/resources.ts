/** AWS::Logs::LogGroup, MetricFilter, SubscriptionFilter and ResourcePolicy. */
import type { Call, Handlers, Properties, ResourceProvider } from "../../core/service.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Cloud } from "../../core/cloud.ts";
import { fromTemplate } from "./template-members.ts";
import { createGroup, checkedRetention } from "./groups.ts";
import type { Filters } from "./filters.ts";
import type { ResourcePolicies } from "./resource-policies.ts";
import { checkedGroupName, type Logs, type LogStore } from "./store.ts";

export function logsResources(
  store: LogStore,
  filters: Filters,
  policies: ResourcePolicies,
  handlers: Handlers<Logs>,
): Record<string, ResourceProvider> {
  return {
    "AWS::Logs::LogGroup": logGroup(store, filters),
    "AWS::Logs::MetricFilter": metricFilter(store.cloud, filters, handlers),
    "AWS::Logs::SubscriptionFilter": subscriptionFilter(store.cloud, filters, handlers),
    "AWS::Logs::ResourcePolicy": resourcePolicy(policies),
  };
}

function logGroup(store: LogStore, filters: Filters): ResourceProvider {
  const state = (name: string) => ({ physicalId: name, attributes: { Arn: `${store.groupArn(name)}:*` } });
  const settings = (properties: Properties, stackTags: Readonly<Record<string, string>>) => ({
    retentionDays:
      properties["RetentionInDays"] === undefined ? undefined : checkedRetention(Number(properties["RetentionInDays"])),
    kmsKeyId: text(properties["KmsKeyId"]),
    class: properties["LogGroupClass"] === "INFREQUENT_ACCESS" ? ("INFREQUENT_ACCESS" as const) : ("STANDARD" as const),
    tags: { ...stackTags, ...tagsOf(properties["Tags"]) },
  });
  return {
    known: {
      LogGroupName: true,
      RetentionInDays: true,
      KmsKeyId: true,
      LogGroupClass: true,
      Tags: [{ Key: true, Value: true }],
    },
    create(properties, context) {
      const name = checkedGroupName(text(properties["LogGroupName"]) ?? context.physicalName(512));
      createGroup(store, { name, ...settings(properties, context.tags) });
      return state(name);
    },
    update(physicalId, properties, previous, context) {
      if (
        properties["LogGroupName"] !== previous["LogGroupName"] ||
        properties["LogGroupClass"] !== previous["LogGroupClass"]
      )
        return "replace";
      store.groups.set(physicalId, { ...store.group(physicalId), ...settings(properties, context.tags) });
      return state(physicalId);
    },
    delete(physicalId) {
      if (!store.groups.has(physicalId)) return;
      store.deleteGroup(physicalId);
      filters.forget(physicalId);
    },
  };
}

function metricFilter(cloud: Cloud, filters: Filters, handlers: Handlers<Logs>): ResourceProvider {
  const put = async (name: string, properties: Properties) => {
    await handlers.PutMetricFilter?.(
      fromTemplate<"PutMetricFilter">({ ...properties, FilterName: name }),
      callFrom(cloud, "PutMetricFilter"),
    );
    return { physicalId: name };
  };
  return {
    known: {
      LogGroupName: true,
      FilterName: true,
      FilterPattern: true,
      MetricTransformations: [
        {
          MetricName: true,
          MetricNamespace: true,
          MetricValue: true,
          DefaultValue: true,
          Unit: true,
          Dimensions: [{ Key: true, Value: true }],
        },
      ],
    },
    create: (properties, context) => put(text(properties["FilterName"]) ?? context.physicalName(512), properties),
    update(physicalId, properties, previous) {
      if (
        properties["FilterName"] !== previous["FilterName"] ||
        properties["LogGroupName"] !== previous["LogGroupName"]
      )
        return "replace";
      return put(physicalId, properties);
    },
    delete: (physicalId, properties) => void filters.deleteMetric(text(properties["LogGroupName"]) ?? "", physicalId),
  };
}

function subscriptionFilter(cloud: Cloud, filters: Filters, handlers: Handlers<Logs>): ResourceProvider {
  const put = async (name: string, properties: Properties) => {
    await handlers.PutSubscriptionFilter?.(
      fromTemplate<"PutSubscriptionFilter">({ ...properties, FilterName: name }),
      callFrom(cloud, "PutSubscriptionFilter"),
    );
    return { physicalId: name };
  };
  return {
    known: {
      LogGroupName: true,
      FilterName: true,
      FilterPattern: true,
      DestinationArn: true,
      RoleArn: true,
      Distribution: true,
    },
    create: (properties, context) => put(text(properties["FilterName"]) ?? context.physicalName(512), properties),
    update(physicalId, properties, previous) {
      if (
        properties["FilterName"] !== previous["FilterName"] ||
        properties["LogGroupName"] !== previous["LogGroupName"]
      )
        return "replace";
      return put(physicalId, properties);
    },
    delete: (physicalId, properties) =>
      void filters.deleteSubscription(text(properties["LogGroupName"]) ?? "", physicalId),
  };
}

function resourcePolicy(policies: ResourcePolicies): ResourceProvider {
  const put = (properties: Properties) => {
    const document = properties["PolicyDocument"];
    return {
      physicalId: policies.put(
        text(properties["PolicyName"]),
        typeof document === "string" ? document : JSON.stringify(document),
      ).name,
    };
  };
  return {
    known: { PolicyName: true, PolicyDocument: true },
    create: (properties) => put(properties),
    update: (_physicalId, properties, previous) =>
      properties["PolicyName"] === previous["PolicyName"] ? put(properties) : "replace",
    delete: (physicalId) => void policies.delete(physicalId),
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export function tagsOf(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(
    value.flatMap((tag: unknown) =>
      typeof tag === "object" && tag !== null && "Key" in tag && "Value" in tag
        ? [[String(tag.Key), String(tag.Value)]]
        : [],
    ),
  );
}

/** CloudFormation calls with the account's rights, below the dispatcher. */
const callFrom = (cloud: Cloud, operation: string): Call => ({
  requestId: cloud.uuid(),
  operation,
  principal: ACCOUNT,
  signal: new AbortController().signal,
  headers: {},
  waiting: (promise) => promise,
  authorize: () => {},
});
