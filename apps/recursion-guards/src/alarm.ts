/** An alarm as CloudWatch tells it to a topic ("Notifying users on alarm changes"). */
import * as z from "zod/mini";

// Plain alarms write the names of a dimension's members small, SDKs write them large: both are read.
const Dimension = z.union([
  z.object({ name: z.string(), value: z.string() }),
  z.pipe(
    z.object({ Name: z.string(), Value: z.string() }),
    z.transform(({ Name, Value }) => ({ name: Name, value: Value })),
  ),
]);

export const Alarm = z.object({
  AlarmName: z.string(),
  NewStateValue: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  Trigger: z.object({
    Dimensions: z.optional(z.array(Dimension)),
    Metrics: z.optional(
      z.array(
        z.object({
          MetricStat: z.optional(z.object({ Metric: z.object({ Dimensions: z.optional(z.array(Dimension)) }) })),
        }),
      ),
    ),
  }),
});

/** The functions whose metrics the alarm watches. */
export function functionsIn({ Trigger }: z.infer<typeof Alarm>): string[] {
  const ofMetrics = (Trigger.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric.Dimensions ?? []);
  const dimensions = [...(Trigger.Dimensions ?? []), ...ofMetrics];
  return dimensions.flatMap(({ name, value }) => (name === "FunctionName" ? [value] : []));
}
