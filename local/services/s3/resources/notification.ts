/** `NotificationConfiguration` of AWS::S3::Bucket, in the words of the API. */
import type { NotificationConfiguration as ApiConfiguration } from "@aws-sdk/client-s3";
import { z } from "zod";

const Filter = z.object({
  S3Key: z.object({ Rules: z.array(z.object({ Name: z.string(), Value: z.coerce.string() })) }),
});
const common = { Event: z.string(), Filter: Filter.optional() };

export const NotificationConfiguration = z.object({
  LambdaConfigurations: z.array(z.object({ ...common, Function: z.string() })).optional(),
  QueueConfigurations: z.array(z.object({ ...common, Queue: z.string() })).optional(),
  TopicConfigurations: z.array(z.object({ ...common, Topic: z.string() })).optional(),
  EventBridgeConfiguration: z
    .object({ EventBridgeEnabled: z.union([z.boolean(), z.stringbool()]).optional() })
    .optional(),
});

const KNOWN_FILTER = { S3Key: { Rules: [{ Name: true, Value: true }] } } as const;
export const KNOWN_NOTIFICATION = {
  LambdaConfigurations: [{ Event: true, Filter: KNOWN_FILTER, Function: true }],
  QueueConfigurations: [{ Event: true, Filter: KNOWN_FILTER, Queue: true }],
  TopicConfigurations: [{ Event: true, Filter: KNOWN_FILTER, Topic: true }],
  EventBridgeConfiguration: { EventBridgeEnabled: true },
} as const;

export function notificationConfiguration(given: z.infer<typeof NotificationConfiguration>): ApiConfiguration {
  const entry = ({ Event, Filter: filter }: { Event: string; Filter?: z.infer<typeof Filter> | undefined }) => ({
    Events: [Event],
    ...(filter && { Filter: { Key: { FilterRules: filter.S3Key.Rules } } }),
  });
  const isBridged = given.EventBridgeConfiguration && (given.EventBridgeConfiguration.EventBridgeEnabled ?? true);
  // Event and rule names are checked by the operation that takes the configuration: hence the cast.
  return {
    LambdaFunctionConfigurations: given.LambdaConfigurations?.map((lambda) => ({
      ...entry(lambda),
      LambdaFunctionArn: lambda.Function,
    })),
    QueueConfigurations: given.QueueConfigurations?.map((queue) => ({ ...entry(queue), QueueArn: queue.Queue })),
    TopicConfigurations: given.TopicConfigurations?.map((topic) => ({ ...entry(topic), TopicArn: topic.Topic })),
    ...(isBridged && { EventBridgeConfiguration: {} }),
  } as ApiConfiguration;
}
