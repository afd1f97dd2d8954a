/** A plain HTTP request of a task, and the clock meanwhile. */
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Cloud } from "../../../../core/cloud.ts";
import type { Json } from "../../../../states/json.ts";

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Record<string, string[]>;
  readonly body: Json;
}

/** `at` is where the request goes; the Host header may name another machine (an API of this cloud). */
export function send(
  at: URL,
  options: {
    method: string;
    headers: Readonly<Record<string, string | readonly string[]>>;
    body: string | undefined;
    signal: AbortSignal;
  },
): Promise<Answer> {
  const request = at.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const { method, signal, body } = options;
    const headers = Object.fromEntries(
      Object.entries(options.headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
    );
    const outgoing = request(at, { method, headers, signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const grouped: Record<string, string[]> = {};
        for (const [name, value] of Object.entries(incoming.headers))
          grouped[name] = Array.isArray(value) ? value : [value ?? ""];
        resolve({
          status: incoming.statusCode ?? 0,
          statusText: incoming.statusMessage ?? "",
          headers: grouped,
          body: readBody(Buffer.concat(chunks).toString()),
        });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** JSON where the body is JSON, else text. */
function readBody(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/**
 * Holds time while a request is on its way, except while this cloud says that the request (known by its access key) waits
 * for something itself.
 */
export async function holdingTime<T>(
  cloud: Cloud,
  accessKeyId: string,
  label: string,
  work: () => Promise<T>,
): Promise<T> {
  let waits = 0;
  let release: (() => void) | undefined = cloud.clock.hold(label);
  const forget = cloud.signals.on("gateway.waiting", (signal) => {
    if (signal.accessKeyId !== accessKeyId) return;
    waits += signal.delta;
    if (waits > 0) {
      release?.();
      release = undefined;
    } else release ??= cloud.clock.hold(label);
  });
  try {
    return await work();
  } finally {
    forget();
    release?.();
  }
}
