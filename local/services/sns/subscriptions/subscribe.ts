import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { confirmationOf } from "../delivery/envelope.ts";
import { post } from "../delivery/http.ts";
import { invalid, type Protocol, type SNS, type Subscription, type Topic, type Topics } from "../store.ts";
import { describeSubscription, setAttribute } from "./subscription-attributes.ts";

const PATTERNS: Readonly<Record<Protocol, { readonly pattern: RegExp; readonly fault: string }>> = {
  sqs: { pattern: /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/, fault: "SQS endpoint ARN" },
  lambda: { pattern: /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/, fault: "Lambda endpoint ARN" },
  http: { pattern: /^http:\/\/[^\s/]+/, fault: "Endpoint must match the specified protocol" },
  https: { pattern: /^https:\/\/[^\s/]+/, fault: "Endpoint must match the specified protocol" },
  email: { pattern: /^[^\s@]+@[^\s@]+$/, fault: "Email address" },
  "email-json": { pattern: /^[^\s@]+@[^\s@]+$/, fault: "Email address" },
  sms: { pattern: /^\+?[1-9][\d-]{1,18}$/, fault: "Invalid SMS endpoint" },
};

/** Protocols of AWS that the local cloud delivers nothing to. */
const ELSEWHERE: ReadonlySet<string> = new Set(["application", "firehose"]);

/**
 * HTTP endpoints confirm by the token that is posted to them. Mail addresses, which on AWS confirm by a link, are confirmed
 * at once here: their mails go to the outbox. Everything else needs no confirmation on AWS either.
 */
export const subscribe =
  (topics: Topics): Handler<SNS, "Subscribe"> =>
  (input) => {
    const topic = topics.byArn(input.TopicArn);
    const { Endpoint: endpoint = "" } = input;
    const protocol = readProtocol(input.Protocol);
    checkEndpoint(topic, protocol, endpoint);
    let attributes: Record<string, string> = {};
    // The scope decides which filter policies are right, so it is read first.
    const given = Object.entries(input.Attributes ?? {}).sort(
      ([a], [b]) => Number(b === "FilterPolicyScope") - Number(a === "FilterPolicyScope"),
    );
    for (const [name, value] of given) {
      const context = { isFifoTopic: topic.isFifo, endpoint };
      attributes = setAttribute(attributes, name, value, context, "Attributes Reason: ");
    }
    const known = topics
      .subscriptionsOf(topic.arn)
      .find((one) => one.protocol === protocol && one.endpoint === endpoint);
    if (known && differs(topics, known, attributes)) {
      throw invalid("Attributes Reason: Subscription already exists with different attributes");
    }
    const subscription = known ?? add(topics, topic, protocol, endpoint, attributes);
    const isShown = subscription.pendingToken === undefined || input.ReturnSubscriptionArn === true;
    return { SubscriptionArn: isShown ? subscription.arn : "pending confirmation" };
  };

function readProtocol(protocol = ""): Protocol {
  if (ELSEWHERE.has(protocol)) {
    throw new ServiceError("NotImplemented", `The local cloud does not deliver to the protocol ${protocol}`, {
      status: 501,
    });
  }
  if (!isProtocol(protocol)) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  return protocol;
}

function checkEndpoint(topic: Topic, protocol: Protocol, endpoint: string): void {
  const { pattern, fault } = PATTERNS[protocol];
  if (!pattern.test(endpoint)) throw invalid(protocol === "sms" ? `${fault}: ${endpoint}` : fault);
  const isFifoQueue = protocol === "sqs" && endpoint.endsWith(".fifo");
  if (isFifoQueue && !topic.isFifo) {
    throw invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
  }
  if (topic.isFifo && protocol !== "sqs") {
    throw invalid("Invalid parameter: Endpoint Reason: FIFO topics deliver to Amazon SQS queues only");
  }
}

const differs = (topics: Topics, known: Subscription, attributes: Readonly<Record<string, string>>): boolean => {
  const actual = describeSubscription(topics, known);
  return Object.entries(attributes).some(([name, value]) => actual[name] !== value);
};

function add(
  topics: Topics,
  topic: Topic,
  protocol: Protocol,
  endpoint: string,
  attributes: Readonly<Record<string, string>>,
): Subscription {
  const { cloud } = topics;
  const needsConfirmation = protocol === "http" || protocol === "https";
  const subscription: Subscription = {
    arn: `${topic.arn}:${cloud.uuid()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    attributes,
    pendingToken: needsConfirmation ? `${cloud.uuid()}${cloud.uuid()}`.replaceAll("-", "") : undefined,
    confirmedBy: undefined,
    authenticateOnUnsubscribe: false,
  };
  topics.putSubscription(subscription);
  if (subscription.pendingToken !== undefined) askToConfirm(topics, subscription, subscription.pendingToken);
  return subscription;
}

function askToConfirm(topics: Topics, subscription: Subscription, token: string): void {
  const { cloud } = topics;
  cloud.clock.background(`SNS confirmation to ${subscription.endpoint}`, async () => {
    const messageId = cloud.uuid();
    const { endpoint, topicArn } = subscription;
    try {
      const body = confirmationOf(cloud, subscription, token, messageId);
      await post(endpoint, body, { type: "SubscriptionConfirmation", messageId, topicArn });
    } catch (error) {
      cloud.log.warn(`SNS could not ask ${endpoint} to confirm: ${error instanceof Error ? error.message : ""}`);
    }
  });
}

const isProtocol = (protocol: string): protocol is Protocol => Object.hasOwn(PATTERNS, protocol);
