/**
 * What CloudWatch is told of a queue each minute while there is something in it, and once more when it is empty (Available
 * CloudWatch metrics for Amazon SQS). A queue that nobody has used for six hours falls silent.
 */
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Queue } from "./queue.ts";
import type { Queues } from "./store.ts";

const MINUTE = 60_000;
const SILENT_AFTER_MS = 6 * 3_600_000;

interface Watch {
  lastUsedAt: number;
  timer?: Cancel;
}

/** Answers a function that ends the reports. */
export function reportMetrics(cloud: Cloud, queues: Queues): () => void {
  const watches = new Map<string, Watch>();

  const arm = (arn: string, watch: Watch) => {
    const nextMinute = (Math.floor(cloud.clock.now() / MINUTE) + 1) * MINUTE;
    watch.timer = cloud.clock.at(nextMinute, () => report(arn, watch), { background: true });
  };
  const report = async (arn: string, watch: Watch): Promise<void> => {
    const queue = queues.byArn(arn);
    const isUsed = queue !== undefined && queue.counts.visible + queue.counts.inFlight + queue.counts.delayed > 0;
    if (isUsed && cloud.clock.now() - watch.lastUsedAt < SILENT_AFTER_MS) arm(arn, watch);
    else watches.delete(arn);
    if (queue) await put(cloud, queue);
  };
  const note = (arn: string) => {
    const watch = watches.get(arn);
    if (watch) {
      watch.lastUsedAt = cloud.clock.now();
      return;
    }
    const fresh: Watch = { lastUsedAt: cloud.clock.now() };
    watches.set(arn, fresh);
    arm(arn, fresh);
  };

  for (const queue of queues.all()) if (queue.counts.visible + queue.counts.inFlight > 0) note(queue.arn);
  const unsubscribe = cloud.signals.on("sqs.available", ({ queueArn }) => note(queueArn));
  return () => {
    unsubscribe();
    for (const { timer } of watches.values()) timer?.();
  };
}

async function put(cloud: Cloud, queue: Queue): Promise<void> {
  const { visible, inFlight, delayed } = queue.counts;
  const Dimensions = [{ Name: "QueueName", Value: queue.record.name }];
  const Timestamp = new Date(cloud.clock.now());
  const figures = {
    ApproximateNumberOfMessagesVisible: visible,
    ApproximateNumberOfMessagesNotVisible: inFlight,
    ApproximateNumberOfMessagesDelayed: delayed,
  };
  const MetricData = Object.entries(figures).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Unit: "Count" as const,
    Dimensions,
    Timestamp,
  }));
  await cloud.call("cloudwatch", "PutMetricData", { Namespace: "AWS/SQS", MetricData }, ACCOUNT);
}
