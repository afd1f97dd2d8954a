/** From a published message to every subscriber that wants it: attempts, retries on the clock, dead-letter queue. */
import type { Cancel } from "../../../core/clock.ts";
import type { StoredMap } from "../../../core/storage.ts";
import { matchesAttributes, matchesBody } from "../filter-policy.ts";
import type { Notification, Subscription, Topics } from "../store.ts";
import { DeliveryFailed } from "./delivery-failed.ts";
import { deliver, toQueue } from "./endpoints.ts";
import { textFor } from "./envelope.ts";
import { delayAfter, retryPolicyOf } from "./retry-policy.ts";

interface Delivery {
  readonly id: string;
  readonly subscriptionArn: string;
  readonly notification: Notification;
  readonly failedAttempts: number;
}

export class Deliveries {
  readonly #topics: Topics;
  /** What is not delivered yet, so that it is after a restart. */
  readonly #pending: StoredMap<Delivery>;
  readonly #timers = new Map<string, Cancel>();
  /** The last delivery of each subscription to a FIFO topic: the next one waits for it. */
  readonly #lines = new Map<string, Promise<void>>();

  constructor(topics: Topics) {
    this.#topics = topics;
    this.#pending = topics.cloud.storage.map<Delivery>("sns.deliveries");
  }

  /** Sends to all confirmed subscribers whose filter lets the message through; nobody waits for it. */
  fanOut(notification: Notification): void {
    for (const subscription of this.#topics.subscriptionsOf(notification.topicArn)) {
      if (subscription.pendingToken !== undefined || !this.#isWanted(notification, subscription)) continue;
      const id = this.#topics.cloud.uuid();
      const delivery = { id, subscriptionArn: subscription.arn, notification, failedAttempts: 0 };
      this.#pending.set(id, delivery);
      this.#run(delivery);
    }
  }

  resume(): void {
    for (const delivery of this.#pending.values()) this.#run(delivery);
  }

  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
  }

  #isWanted(notification: Notification, subscription: Subscription): boolean {
    const filter = this.#topics.filterOf(subscription);
    if (filter === undefined) return true;
    return filter.scope === "MessageBody"
      ? matchesBody(filter.policy, textFor(notification, subscription.protocol))
      : matchesAttributes(filter.policy, notification.attributes);
  }

  #run(delivery: Delivery): void {
    const { subscriptionArn, notification } = delivery;
    const attempt = (): Promise<void> => this.#attempt(delivery);
    const label = `SNS delivery to ${subscriptionArn}`;
    if (notification.sequenceNumber === undefined) {
      this.#topics.cloud.clock.background(label, attempt);
      return;
    }
    const before = this.#lines.get(subscriptionArn) ?? Promise.resolve();
    const turn = before.then(attempt);
    this.#lines.set(subscriptionArn, turn);
    this.#topics.cloud.clock.background(label, async () => {
      await turn;
      if (this.#lines.get(subscriptionArn) === turn) this.#lines.delete(subscriptionArn);
    });
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { cloud } = this.#topics;
    const subscription = this.#topics.findSubscription(delivery.subscriptionArn);
    if (subscription === undefined) {
      this.#pending.delete(delivery.id);
      return;
    }
    try {
      await deliver(cloud, delivery.notification, subscription);
      this.#pending.delete(delivery.id);
    } catch (error) {
      if (!(error instanceof DeliveryFailed)) throw error;
      const failed = { ...delivery, failedAttempts: delivery.failedAttempts + 1 };
      const policy = retryPolicyOf(subscription.protocol, this.#customPolicy(subscription));
      const delay = error.isRetriable ? delayAfter(failed.failedAttempts, policy) : undefined;
      if (delay === undefined) await this.#giveUp(failed, subscription, error);
      else this.#retryIn(delay, failed);
    }
  }

  #retryIn(seconds: number, delivery: Delivery): void {
    this.#pending.set(delivery.id, delivery);
    const retry = (): void => {
      this.#timers.delete(delivery.id);
      this.#run(delivery);
    };
    this.#timers.set(delivery.id, this.#topics.cloud.clock.after(seconds * 1000, retry));
  }

  /** To the subscription's dead-letter queue; without one the message is lost, which is said in the log. */
  async #giveUp(delivery: Delivery, subscription: Subscription, error: DeliveryFailed): Promise<void> {
    const { cloud } = this.#topics;
    this.#pending.delete(delivery.id);
    const lost = `SNS could not deliver message ${delivery.notification.id} to ${subscription.endpoint}: ${error.message}`;
    const redrive = subscription.attributes["RedrivePolicy"];
    if (redrive === undefined) {
      cloud.log.warn(lost);
      return;
    }
    // Checked when it was set.
    const { deadLetterTargetArn } = JSON.parse(redrive) as { deadLetterTargetArn: string };
    try {
      await toQueue(cloud, deadLetterTargetArn, delivery.notification, subscription);
    } catch (cause) {
      cloud.log.warn(`${lost}. Its dead-letter queue refused it: ${cause instanceof Error ? cause.message : ""}`);
    }
  }

  #customPolicy(subscription: Subscription): Record<string, unknown> | undefined {
    const own = subscription.attributes["DeliveryPolicy"];
    // Both were checked to be JSON objects when they were set.
    if (own !== undefined)
      return (JSON.parse(own) as { healthyRetryPolicy?: Record<string, unknown> }).healthyRetryPolicy;
    const shared = this.#topics.find(subscription.topicArn)?.attributes["DeliveryPolicy"];
    if (shared === undefined) return undefined;
    const { http } = JSON.parse(shared) as { http?: { defaultHealthyRetryPolicy?: Record<string, unknown> } };
    return http?.defaultHealthyRetryPolicy;
  }
}
