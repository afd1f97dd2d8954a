/** An event on a bus: to archives, and to the targets of every rule that matches. */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { archive } from "../archives/store.ts";
import { matchesPattern } from "../pattern.ts";
import type { BusEvent, Rule, Store, Target } from "../store.ts";
import { DEFAULT_RETRY, deliver } from "./deliver.ts";
import type { EventTrace } from "./event-trace.ts";
import { targetInput } from "./input.ts";

/** Parsed once per rule and text. */
const patterns = new Map<string, object>();
const patternOf = (text: string): object => {
  let pattern = patterns.get(text);
  if (!pattern) patterns.set(text, (pattern = JSON.parse(text) as object));
  return pattern;
};

interface Routing {
  /** Restricts a replay to some rules. */
  readonly onlyRules?: readonly string[] | undefined;
  readonly trace?: EventTrace | undefined;
}

/** Hands an event on. Answers how many rules matched. */
export function route(
  cloud: Cloud,
  store: Store,
  bus: string,
  event: BusEvent,
  { onlyRules, trace }: Routing = {},
): number {
  if (event["replay-name"] === undefined) archive(cloud, store.bus(bus).arn, event);
  let matched = 0;
  for (const rule of store.rulesOf(bus)) {
    if (!rule.isEnabled || rule.pattern === undefined || (onlyRules && !onlyRules.includes(rule.arn))) continue;
    if (!matchesPattern(patternOf(rule.pattern), event)) continue;
    matched++;
    trigger(cloud, rule, event, trace);
  }
  trace?.routed();
  return matched;
}

/** Starts the delivery to all targets of a rule. */
export function trigger(cloud: Cloud, rule: Rule, event: BusEvent, trace?: EventTrace): void {
  count(cloud, "TriggeredRules", rule.name);
  for (const target of rule.targets) {
    const traced = trace?.deliver(rule.name, target.Arn ?? "");
    cloud.clock.background(`${rule.name} to ${target.Id}`, async () => {
      const delivered = await deliverTo(cloud, rule, target, event, traced?.header);
      traced?.end(delivered);
    });
  }
}

async function deliverTo(
  cloud: Cloud,
  rule: Rule,
  target: Target,
  event: BusEvent,
  traceHeader: string | undefined,
): Promise<boolean> {
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
      traceHeader,
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
  return delivered;
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
