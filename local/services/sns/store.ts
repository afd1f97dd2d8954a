/** Topics and their subscriptions. */
import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { Deduplication, type Sighting } from "../sqs/deduplication.ts";
import type { FilterPolicy } from "./filter-policy.ts";
import { type FilterPolicyScope, parseFilterPolicy } from "./filter-policy-parser.ts";

export type SNS = typeof import("@aws-sdk/client-sns");

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly isFifo: boolean;
  /** What was set; defaults are added when they are read. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly deletedSubscriptions: number;
}

export type Protocol = "sqs" | "lambda" | "http" | "https" | "email" | "email-json" | "sms";

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Set until the endpoint has confirmed that it wants the messages. */
  readonly pendingToken: string | undefined;
  /** The token that confirmed it: confirming again answers the same. */
  readonly confirmedBy: string | undefined;
  readonly authenticateOnUnsubscribe: boolean;
}

/** A published message. */
export interface Notification {
  readonly id: string;
  readonly topicArn: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly subject: string | undefined;
  /** For all protocols, or with MessageStructure json the text of each beside `default`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly traceHeader: string | undefined;
}

export class Topics {
  readonly cloud: Cloud;
  readonly deduplication: Deduplication;
  readonly #topics;
  readonly #subscriptions;
  readonly #byTopic = new Map<string, Set<string>>();
  readonly #filters = new Map<string, { text: string; scope: FilterPolicyScope; policy: FilterPolicy }>();
  #sequence = 0n;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.#topics = cloud.storage.map<Topic>("sns.topics");
    this.#subscriptions = cloud.storage.map<Subscription>("sns.subscriptions");
    this.deduplication = new Deduplication(cloud.clock, cloud.storage.map<Sighting>("sns.deduplication"));
    for (const subscription of this.#subscriptions.values()) this.#index(subscription);
  }

  all(): Topic[] {
    return [...this.#topics.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  /** Throws InvalidParameterException for what is no ARN, NotFoundException for a topic that is not there. */
  byArn(arn: string | undefined, parameter = "TopicArn"): Topic {
    const parts = (arn ?? "").split(":").length;
    if (parts < 6) throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts}`);
    const topic = this.#topics.get(arn ?? "");
    if (topic === undefined) throw new ServiceError("NotFoundException", "Topic does not exist");
    return topic;
  }

  put(topic: Topic): void {
    this.#topics.set(topic.arn, topic);
  }

  delete(topic: Topic): void {
    for (const subscription of this.subscriptionsOf(topic.arn)) this.remove(subscription);
    this.deduplication.forgetQueue(topic.arn);
    this.#topics.delete(topic.arn);
  }

  subscriptions(): Subscription[] {
    return [...this.#subscriptions.values()];
  }

  subscriptionsOf(topicArn: string): Subscription[] {
    const arns = this.#byTopic.get(topicArn) ?? [];
    return [...arns].map((arn) => this.#subscriptions.get(arn)).filter((one) => one !== undefined);
  }

  findSubscription(arn: string): Subscription | undefined {
    return this.#subscriptions.get(arn);
  }

  subscription(arn: string | undefined): Subscription {
    if (!arn) throw invalid("SubscriptionArn Reason: no value for required parameter");
    if (arn.split(":").length < 7) {
      throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${arn.split(":").length}`);
    }
    const subscription = this.#subscriptions.get(arn);
    if (subscription === undefined) throw new ServiceError("NotFoundException", "Subscription does not exist");
    return subscription;
  }

  putSubscription(subscription: Subscription): void {
    this.#subscriptions.set(subscription.arn, subscription);
    this.#index(subscription);
  }

  remove(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.arn);
    this.#byTopic.get(subscription.topicArn)?.delete(subscription.arn);
    this.#filters.delete(subscription.arn);
    const topic = this.#topics.get(subscription.topicArn);
    if (topic) this.put({ ...topic, deletedSubscriptions: topic.deletedSubscriptions + 1 });
  }

  /** The subscription's filter, parsed once. */
  filterOf(subscription: Subscription): { scope: FilterPolicyScope; policy: FilterPolicy } | undefined {
    const text = subscription.attributes["FilterPolicy"];
    if (text === undefined) return undefined;
    const scope = subscription.attributes["FilterPolicyScope"] === "MessageBody" ? "MessageBody" : "MessageAttributes";
    const known = this.#filters.get(subscription.arn);
    if (known?.text === text && known.scope === scope) return known;
    const filter = { text, scope, policy: parseFilterPolicy(text, scope) } as const;
    this.#filters.set(subscription.arn, filter);
    return filter;
  }

  /** Twenty digits, later ones greater, also across restarts: they follow the clock. */
  nextSequenceNumber(): string {
    const byTime = 10_000_000_000_000_000_000n + BigInt(this.cloud.clock.now()) * 1_000_000n;
    this.#sequence = byTime > this.#sequence ? byTime : this.#sequence + 1n;
    return String(this.#sequence);
  }

  #index(subscription: Subscription): void {
    let arns = this.#byTopic.get(subscription.topicArn);
    if (arns === undefined) this.#byTopic.set(subscription.topicArn, (arns = new Set()));
    arns.add(subscription.arn);
  }
}

export const invalid = (what: string): ServiceError =>
  new ServiceError("InvalidParameterException", `Invalid parameter: ${what}`);

/** Pages of 100 ("ListTopics", "ListSubscriptions": up to 100 a call); the token is the place of the last one. */
export function pageOf<T>(
  items: readonly T[],
  token: string | undefined,
): { page: readonly T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw invalid("NextToken Reason: invalid value");
  const end = start + 100;
  const next = end < items.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { page: items.slice(start, end), next };
}
