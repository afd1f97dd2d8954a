/** Posts to HTTP endpoints. From the local cloud only this machine is reachable: nothing is sent to strangers. */
import { DeliveryFailed } from "./delivery-failed.ts";

const TIMEOUT_MS = 15_000;

export interface PostOptions {
  readonly type: "Notification" | "SubscriptionConfirmation";
  readonly messageId: string;
  readonly topicArn: string;
  readonly subscriptionArn?: string;
  readonly isRaw?: boolean;
}

/** 2xx is success; 429, 5xx and no answer are tried again; anything else is final. */
export async function post(endpoint: string, body: string, options: PostOptions): Promise<void> {
  const url = new URL(endpoint);
  if (!isLoopback(url.hostname)) {
    throw new DeliveryFailed(`${url.host} is not reachable from the local cloud: only loopback addresses are`, false);
  }
  const headers: Record<string, string> = {
    "content-type": "text/plain; charset=UTF-8",
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": options.type,
    "x-amz-sns-message-id": options.messageId,
    "x-amz-sns-topic-arn": options.topicArn,
    ...(options.subscriptionArn !== undefined && { "x-amz-sns-subscription-arn": options.subscriptionArn }),
    ...(options.isRaw && { "x-amz-sns-rawdelivery": "true" }),
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const status = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    (error: unknown) => {
      throw new DeliveryFailed(`${endpoint} does not answer: ${error instanceof Error ? error.message : ""}`, true);
    },
  );
  if (status < 200 || status > 299) {
    throw new DeliveryFailed(`${endpoint} answered ${status}`, status === 429 || status >= 500);
  }
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
