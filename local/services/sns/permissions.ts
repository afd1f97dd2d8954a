/** What callers need for each operation, and the policy of the topic itself ("Actions, resources, and condition keys for Amazon SNS"). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission, PolicyDocument } from "../../core/principal.ts";
import type { Topics } from "./store.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** Services that publish on behalf of the account, which the default policy of a topic lets in by AWS:SourceOwner. */
const OWN_SERVICES = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com", "rds.amazonaws.com"];

/** Actions on subscriptions and lists know no resource. Confirming needs the token and nothing else: the link is not signed. */
export function permissionsOf(cloud: Cloud, operation: string, input: Inputs): Permission[] {
  if (operation === "ConfirmSubscription") return [];
  const { TopicArn: topic, TargetArn: target, ResourceArn: resource, Name: name } = input;
  const created = operation === "CreateTopic" && typeof name === "string" ? cloud.arn("sns", name) : undefined;
  const arn = [topic, target, resource, created].find((one) => typeof one === "string") ?? "*";
  return [{ action: `sns:${operation === "PublishBatch" ? "Publish" : operation}`, resource: arn }];
}

export function policyOf(topics: Topics, arn: string): PolicyDocument | undefined {
  const topic = topics.find(arn);
  if (topic === undefined) return undefined;
  const { Policy: text } = topic.attributes;
  // Checked to be a JSON object when it was set.
  if (text !== undefined) return JSON.parse(text) as PolicyDocument;
  return { Statement: { Effect: "Allow", Principal: { Service: OWN_SERVICES }, Action: "sns:Publish", Resource: arn } };
}
