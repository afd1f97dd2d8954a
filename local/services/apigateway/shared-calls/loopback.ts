/** Plain HTTP requests to this machine: HTTP integrations, and AWS services through the cloud's own endpoint. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";

export interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface Incoming {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);

export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopback(new URL(url).hostname);

/**
 * Sends the request and holds time while it is on its way, except while this cloud says that it waits for something itself.
 * `accessKeyId` is the key that the request is known by. Throws ServiceError for another machine, and network errors.
 */
export async function exchangeHttp(cloud: Cloud, outgoing: Outgoing, accessKeyId = ""): Promise<Incoming> {
  if (!isLoopback(outgoing.url.hostname)) {
    throw new ServiceError(
      "NotImplemented",
      `The local cloud reaches only addresses of this machine, not ${outgoing.url.hostname}`,
      { status: 501 },
    );
  }
  const key = accessKeyId === "" ? `api-${cloud.uuid()}` : accessKeyId;
  let waits = 0;
  const label = `${outgoing.method} ${outgoing.url.pathname}`;
  let release: (() => void) | undefined = cloud.clock.hold(label);
  const forget = cloud.signals.on("gateway.waiting", (signal) => {
    if (signal.accessKeyId !== key) return;
    waits += signal.delta;
    if (waits > 0) {
      release?.();
      release = undefined;
    } else release ??= cloud.clock.hold(label);
  });
  const isOwn = outgoing.url.origin === new URL(cloud.endpoint).origin;
  const headers = isOwn && accessKeyId === "" ? { ...outgoing.headers, "x-local-worker": key } : outgoing.headers;
  try {
    return await cloud.clock.waiting(send({ ...outgoing, headers }));
  } finally {
    forget();
    release?.();
  }
}

function send({ url, method, headers, body }: Outgoing): Promise<Incoming> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const received: Record<string, string | readonly string[]> = {};
        for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) received[name] = value;
        resolve({ status: incoming.statusCode ?? 0, headers: received, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
