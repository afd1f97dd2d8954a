/** An event on a bus: to archives, and to the targets of every rule that matches. */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { archive } from "../archives/store.ts";
import { matchesPattern } from "../pattern.ts";
import type { BusEvent, Rule, Store, Target } from "../store.ts";
import { DEFAULT_RETRY, deliver } from "./deliver.ts";
import { targetInput } from "./input.ts";

/** Parsed once per rule and text. */
const patterns = new Map<string, object>();
const patternOf = (text: string): object => {
  let pattern = patterns.get(text);
  if (!pattern) patterns.set(text, (pattern = JSON.parse(text) as object));
  return pattern;
};

/** Hands an event on. `onlyRules` restricts a replay to some rules. Answers how many rules matched. */
export function route(cloud: Cloud, store: Store, bus: string, event: BusEvent, onlyRules?: readonly string[]): number {
  if (event["replay-name"] === undefined) archive(cloud, store.bus(bus).arn, event);
  let matched = 0;
  for (const rule of store.rulesOf(bus)) {
    if (!rule.isEnabled || rule.pattern === undefined || (onlyRules && !onlyRules.includes(rule.arn))) continue;
    if (!matchesPattern(patternOf(rule.pattern), event)) continue;
    matched++;
    trigger(cloud, rule, event);
  }
  return matched;
}

/** Starts the delivery to all targets of a rule. */
export function trigger(cloud: Cloud, rule: Rule, event: BusEvent): void {
  count(cloud, "TriggeredRules", rule.name);
  for (const target of rule.targets) {
    cloud.clock.background(`${rule.name} to ${target.Id}`, () => deliverTo(cloud, rule, target, event));
  }
}

async function deliverTo(cloud: Cloud, rule: Rule, target: Target, event: BusEvent): Promise<void> {
  const http = target.HttpParameters;
  const { delivered } = await deliver(
    cloud,
    {
      targetArn: target.Arn ?? "",
      roleArn: target.RoleArn ?? undefined,
      payload: targetInput(target, event, rule, cloud.clock.now()),
      service: "events.amazonaws.com",
      sourceArn: rule.arn,
      messageGroupId: target.SqsParameters?.MessageGroupId,
      ...(http
        ? {
            http: {
              path: http.PathParameterValues ?? [],
              headers: http.HeaderParameters ?? {},
              query: http.QueryStringParameters ?? {},
            },
          }
        : {}),
    },
    {
      maximumAttempts: target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_RETRY.maximumAttempts,
      maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_RETRY.maximumAgeSeconds,
      deadLetterArn: target.DeadLetterConfig?.Arn,
    },
  );
  count(cloud, delivered ? "Invocations" : "FailedInvocations", rule.name);
}

/** AWS/Events metrics by rule, on which alarms can stand. */
function count(cloud: Cloud, metric: string, rule: string): void {
  cloud.clock.background(`metric ${metric}`, async () => {
    await cloud.call(
      "cloudwatch",
      "PutMetricData",
      {
        Namespace: "AWS/Events",
        MetricData: [
          {
            MetricName: metric,
            Value: 1,
            Unit: "Count",
            Timestamp: new Date(cloud.clock.now()),
            Dimensions: [{ Name: "RuleName", Value: rule }],
          },
        ],
      },
      ACCOUNT,
    );
  });
}
