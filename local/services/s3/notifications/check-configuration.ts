/** What a notification configuration must be like (Amazon S3 Event Notifications: valid and invalid configurations). */
import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import { invalidArgument, malformedXml, notImplemented } from "../errors.ts";
import { matchesEvent, type Target, targetsOf } from "./targets.ts";

const MOST_CONFIGURATIONS = 100;

/** Events that happen here. */
const HAPPENING = [
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
  "s3:ObjectTagging:Put",
  "s3:ObjectTagging:Delete",
  "s3:LifecycleExpiration:Delete",
  "s3:LifecycleExpiration:DeleteMarkerCreated",
  "s3:LifecycleTransition",
];
/** Events of AWS that nothing here brings about. */
const ABSENT =
  /^s3:(ReducedRedundancyLostObject|ObjectRestore:|Replication:|IntelligentTiering|ObjectAcl:|ObjectAnnotation:|ObjectRetention:)/;

const ARNS: Readonly<Record<Target["kind"], RegExp>> = {
  lambda: /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
  sqs: /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/,
  sns: /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/,
};

export function checkConfiguration(configuration: NotificationConfiguration): void {
  const targets = targetsOf(configuration);
  if (targets.length > MOST_CONFIGURATIONS) {
    throw invalidArgument("The number of notification configurations exceeds the limit of 100");
  }
  for (const target of targets) checkTarget(target);
  checkFilters(configuration);
  targets.forEach((target, index) => {
    for (const other of targets.slice(index + 1)) checkPair(target, other);
  });
}

function checkTarget({ kind, arn, events }: Target): void {
  if (!ARNS[kind].test(arn)) throw invalidArgument("The ARN could not be parsed", arn);
  if (arn.endsWith(".fifo")) {
    throw invalidArgument(
      "Unable to validate the following destination configurations",
      arn,
      "FIFO SQS queues and SNS topics are not supported",
    );
  }
  if (events.length === 0) throw malformedXml();
  for (const event of events) {
    if (HAPPENING.some((name) => matchesEvent(event, name)) && /^s3:\w+(:(\w+|\*))?$/.test(event)) continue;
    if (ABSENT.test(event)) throw notImplemented(`the event ${event}`);
    throw invalidArgument("The event is not supported for notifications", "Event", event);
  }
}

function checkFilters(configuration: NotificationConfiguration): void {
  const filters = [
    ...(configuration.LambdaFunctionConfigurations ?? []),
    ...(configuration.QueueConfigurations ?? []),
    ...(configuration.TopicConfigurations ?? []),
  ].map(({ Filter }) => Filter?.Key?.FilterRules ?? []);
  for (const rules of filters) {
    const names = rules.map(({ Name }) => Name?.toLowerCase());
    if (names.some((name) => name !== "prefix" && name !== "suffix")) {
      throw invalidArgument("filter rule name must be either prefix or suffix", "FilterRule.Name");
    }
    if (new Set(names).size < names.length) {
      throw invalidArgument("Cannot specify more than one prefix rule or suffix rule in a filter.", "FilterRule.Name");
    }
    if (rules.some(({ Value = "" }) => Buffer.byteLength(Value) > 1024)) {
      throw invalidArgument(
        "Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation",
        "FilterRule.Value",
      );
    }
  }
}

function checkPair(a: Target, b: Target): void {
  if (a.id !== "" && a.id === b.id) {
    throw invalidArgument("Same ID used for multiple configurations. IDs must be unique.", "Id", a.id);
  }
  const shared = HAPPENING.some(
    (name) =>
      a.events.some((event) => matchesEvent(event, name)) && b.events.some((event) => matchesEvent(event, name)),
  );
  if (!shared) return;
  const overlap = (x: string, y: string, holds: (long: string, short: string) => boolean) => holds(x, y) || holds(y, x);
  const prefixes = overlap(a.prefix, b.prefix, (long, short) => long.startsWith(short));
  const suffixes = overlap(a.suffix, b.suffix, (long, short) => long.endsWith(short));
  if (!prefixes || !suffixes) return;
  const isUnfiltered = [a, b].every(({ prefix, suffix }) => prefix === "" && suffix === "");
  throw invalidArgument(
    isUnfiltered
      ? "Configurations overlap. Configurations on the same bucket cannot share a common event type."
      : "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
  );
}
