/** The targets of a notification configuration, whatever their kind. */
import type { NotificationConfiguration, NotificationConfigurationFilter } from "@aws-sdk/client-s3";

export interface Target {
  readonly kind: "lambda" | "sqs" | "sns";
  readonly arn: string;
  readonly id: string;
  /** With their `s3:`, as configured: `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

export function targetsOf(configuration: NotificationConfiguration): Target[] {
  const lambdas = (configuration.LambdaFunctionConfigurations ?? []).map((entry) => ({
    kind: "lambda" as const,
    arn: entry.LambdaFunctionArn ?? "",
    ...common(entry),
  }));
  const queues = (configuration.QueueConfigurations ?? []).map((entry) => ({
    kind: "sqs" as const,
    arn: entry.QueueArn ?? "",
    ...common(entry),
  }));
  const topics = (configuration.TopicConfigurations ?? []).map((entry) => ({
    kind: "sns" as const,
    arn: entry.TopicArn ?? "",
    ...common(entry),
  }));
  return [...lambdas, ...queues, ...topics];
}

interface Entry {
  readonly Id?: string | undefined;
  readonly Events: readonly string[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

const common = (entry: Entry) => ({
  id: entry.Id ?? "",
  events: entry.Events ?? [],
  prefix: ruleOf(entry.Filter, "prefix"),
  suffix: ruleOf(entry.Filter, "suffix"),
});

const ruleOf = (filter: NotificationConfigurationFilter | undefined, name: string): string =>
  filter?.Key?.FilterRules?.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? "";

/** Whether the target wants to know of an event (`ObjectCreated:Put`) of a key. */
export const wants = (target: Target, name: string, key: string): boolean =>
  target.events.some((event) => matchesEvent(event, `s3:${name}`)) &&
  key.startsWith(target.prefix) &&
  key.endsWith(target.suffix);

/** `s3:ObjectCreated:*` speaks of every event that begins so. */
export const matchesEvent = (pattern: string, name: string): boolean =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
