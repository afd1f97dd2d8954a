/** The attributes of a subscription (API reference of SNS, "SetSubscriptionAttributes"). */
import { FilterPolicyInvalid, parseFilterPolicy } from "../filter-policy-parser.ts";
import { invalid, type Subscription, type Topics } from "../store.ts";
import { isJsonObject, withAttribute } from "../topics/topic-attributes.ts";

const NAMES: ReadonlySet<string> = new Set([
  "DeliveryPolicy",
  "FilterPolicy",
  "FilterPolicyScope",
  "RawMessageDelivery",
  "RedrivePolicy",
]);

/**
 * The attributes with one more. Throws InvalidParameterException; `where` says which parameter of the call it came in,
 * empty in SetSubscriptionAttributes.
 */
export function setAttribute(
  attributes: Readonly<Record<string, string>>,
  name: string,
  value: string,
  context: { readonly isFifoTopic: boolean; readonly endpoint: string },
  where = "",
): Record<string, string> {
  if (!NAMES.has(name)) throw invalid(where === "" ? "AttributeName" : `${where}Unknown attribute ${name}`);
  const changed = withAttribute(attributes, name, value);
  if (name === "FilterPolicy" && (value === "" || value === "{}")) return withAttribute(attributes, name, "");
  const fault = faultOf(changed, name, value, context);
  if (fault !== undefined) throw invalid(where + fault);
  return changed;
}

/** What GetSubscriptionAttributes answers. The scope is shown only beside a filter policy. */
export function describeSubscription(topics: Topics, subscription: Subscription): Record<string, string> {
  const { FilterPolicyScope: scope, ...attributes } = subscription.attributes;
  const hasFilter = attributes["FilterPolicy"] !== undefined;
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Owner: topics.cloud.accountId,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    PendingConfirmation: String(subscription.pendingToken !== undefined),
    ConfirmationWasAuthenticated: String(
      subscription.pendingToken === undefined &&
        (subscription.confirmedBy === undefined || subscription.authenticateOnUnsubscribe),
    ),
    SubscriptionPrincipal: `arn:aws:iam::${topics.cloud.accountId}:root`,
    RawMessageDelivery: "false",
    ...(hasFilter && { FilterPolicyScope: scope ?? "MessageAttributes" }),
    ...attributes,
  };
}

function faultOf(
  attributes: Readonly<Record<string, string>>,
  name: string,
  value: string,
  context: { readonly isFifoTopic: boolean; readonly endpoint: string },
): string | undefined {
  switch (name) {
    case "RawMessageDelivery":
      return /^(true|false)$/i.test(value)
        ? undefined
        : `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`;
    case "FilterPolicyScope":
      if (value !== "MessageBody" && value !== "MessageAttributes") {
        return `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`;
      }
      return filterFault(attributes);
    case "FilterPolicy":
      return filterFault(attributes);
    case "RedrivePolicy":
      return value === "" ? undefined : redriveFault(value, context);
    default:
      return value === "" || isJsonObject(value) ? undefined : `${name}: failed to parse JSON.`;
  }
}

function filterFault(attributes: Readonly<Record<string, string>>): string | undefined {
  const { FilterPolicy: text, FilterPolicyScope: scope } = attributes;
  try {
    if (text !== undefined) parseFilterPolicy(text, scope === "MessageBody" ? scope : "MessageAttributes");
    return undefined;
  } catch (error) {
    if (error instanceof FilterPolicyInvalid) return error.message;
    throw error;
  }
}

function redriveFault(
  text: string,
  context: { readonly isFifoTopic: boolean; readonly endpoint: string },
): string | undefined {
  if (!isJsonObject(text)) return "RedrivePolicy: failed to parse JSON.";
  const { deadLetterTargetArn: arn } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (typeof arn !== "string" || !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn)) {
    return "RedrivePolicy: deadLetterTargetArn is an invalid arn";
  }
  const needsFifo = context.isFifoTopic && context.endpoint.endsWith(".fifo");
  return needsFifo && !arn.endsWith(".fifo")
    ? "RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic."
    : undefined;
}
