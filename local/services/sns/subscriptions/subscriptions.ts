/** Unsubscribe, ConfirmSubscription, the lists, GetSubscriptionAttributes and SetSubscriptionAttributes. */
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { invalid, pageOf, type SNS, type Subscription, type Topics } from "../store.ts";
import { describeSubscription, setAttribute } from "./subscription-attributes.ts";

/** Unsubscribing what is not there succeeds. Some subscriptions only their owner may end. */
export const unsubscribe =
  (topics: Topics): Handler<SNS, "Unsubscribe"> =>
  (input, call) => {
    const { SubscriptionArn: arn = "" } = input;
    if (arn.split(":").length < 7) topics.subscription(arn);
    const subscription = topics.findSubscription(arn);
    if (subscription?.authenticateOnUnsubscribe && call.principal.kind === "anonymous") {
      throw new ServiceError("AuthorizationErrorException", "This subscription can be deleted by its owner only");
    }
    if (subscription) topics.remove(subscription);
    return {};
  };

export const confirmSubscription =
  (topics: Topics): Handler<SNS, "ConfirmSubscription"> =>
  (input) => {
    const { Token: token = "" } = input;
    if (!/^[0-9a-f]{64}$/.test(token)) throw invalid("Token");
    const topic = topics.byArn(input.TopicArn);
    const subscription = topics
      .subscriptionsOf(topic.arn)
      .find(({ pendingToken, confirmedBy }) => pendingToken === token || confirmedBy === token);
    if (subscription === undefined) throw new ServiceError("InvalidParameterException", "Invalid token");
    topics.putSubscription({
      ...subscription,
      pendingToken: undefined,
      confirmedBy: token,
      authenticateOnUnsubscribe: input.AuthenticateOnUnsubscribe === "true" || subscription.authenticateOnUnsubscribe,
    });
    return { SubscriptionArn: subscription.arn };
  };

export const listSubscriptions =
  (topics: Topics): Handler<SNS, "ListSubscriptions"> =>
  (input) =>
    listOf(topics, topics.subscriptions(), input.NextToken);

export const listSubscriptionsByTopic =
  (topics: Topics): Handler<SNS, "ListSubscriptionsByTopic"> =>
  (input) =>
    listOf(topics, topics.subscriptionsOf(topics.byArn(input.TopicArn).arn), input.NextToken);

export const getSubscriptionAttributes =
  (topics: Topics): Handler<SNS, "GetSubscriptionAttributes"> =>
  (input) => ({ Attributes: describeSubscription(topics, topics.subscription(input.SubscriptionArn)) });

export const setSubscriptionAttributes =
  (topics: Topics): Handler<SNS, "SetSubscriptionAttributes"> =>
  (input) => {
    const subscription = topics.subscription(input.SubscriptionArn);
    const { AttributeName: name = "", AttributeValue: value = "" } = input;
    const isFifoTopic = topics.find(subscription.topicArn)?.isFifo ?? false;
    const context = { isFifoTopic, endpoint: subscription.endpoint };
    topics.putSubscription({
      ...subscription,
      attributes: setAttribute(subscription.attributes, name, value, context),
    });
    return {};
  };

function listOf(topics: Topics, subscriptions: readonly Subscription[], token: string | undefined) {
  const { page, next } = pageOf(subscriptions, token);
  return {
    Subscriptions: page.map((one) => ({
      SubscriptionArn: one.pendingToken === undefined ? one.arn : "PendingConfirmation",
      Owner: topics.cloud.accountId,
      Protocol: one.protocol,
      Endpoint: one.endpoint,
      TopicArn: one.topicArn,
    })),
    ...(next !== undefined && { NextToken: next }),
  };
}
