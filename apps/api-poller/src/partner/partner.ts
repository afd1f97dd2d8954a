/** Asks a partner for a page over HTTP, and says what to do when it does not give one. */
import { lookup as resolve, type LookupAddress } from "node:dns";
import { type ClientRequest, request as askHttp, type IncomingMessage } from "node:http";
import { request as askHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { AppError, TooLarge } from "#shared/errors";
import { type Answer, RetriablePollerError } from "./answer.ts";
import { isPrivateAddress, type Source, SourceNotAllowed } from "./source.ts";

/** The message ends with the number of seconds: the state machine reads it there. */
export class PartnerAsksToWait extends AppError<{ seconds: number }> {
  override readonly retryable = true;
}

/** The partner does not want to answer this, however often it is asked. */
export class PartnerRefused extends AppError<{ httpStatus: number }> {}

export interface Limits {
  readonly timeoutMs: number;
  readonly mostBytes: number;
}

/**
 * The partner's answer as JSON. Redirects are not followed: they would lead around the list of allowed hosts.
 * Throws RetriablePollerError, PartnerAsksToWait, PartnerRefused, TooLarge, SourceNotAllowed.
 */
export async function ask(source: Source, headers: Readonly<Record<string, string>>, limits: Limits): Promise<Answer> {
  const { url } = source;
  const { status, headers: given, body } = await exchange(source, headers, limits);
  if (status === 200) return { url: url.href, headers: given, body: jsonOf(body) };
  throw refusal(status, given["retry-after"], Date.now());
}

/** What an answer other than 200 means. 408 and 425 say "later" (RFC 9110, RFC 8470). */
export function refusal(status: number, retryAfter: string | undefined, now: number): AppError {
  if (status === 429 || status === 503) {
    const seconds = secondsOf(retryAfter, now);
    if (seconds !== undefined)
      return new PartnerAsksToWait(`The partner answers ${status} and asks to wait ${seconds}`, { seconds });
  }
  if (status >= 500 || status === 429 || status === 408 || status === 425)
    return new RetriablePollerError(`The partner answers ${status}`);
  const what = status >= 300 && status < 400 ? ", a redirect, which is not followed" : "";
  return new PartnerRefused(`The partner answers ${status}${what}`, { httpStatus: status });
}

const LONGEST_WAIT_SECONDS = 3_600;

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function secondsOf(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  const isDate = /^[A-Z][a-z]{2}, /.test(retryAfter);
  if (!isDate && !/^\d+$/.test(retryAfter)) return undefined;
  const seconds = isDate ? (Date.parse(retryAfter) - now) / 1_000 : Number(retryAfter);
  return Number.isNaN(seconds) ? undefined : Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new RetriablePollerError("The partner's answer is not JSON");
  }
}

interface Exchanged {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

function exchange({ url, mustBePublic }: Source, headers: Readonly<Record<string, string>>, limits: Limits) {
  const { promise, resolve: answer, reject } = Promise.withResolvers<Exchanged>();
  const ask = url.protocol === "https:" ? askHttps : askHttp;
  const request: ClientRequest = ask(
    url,
    {
      // Uncompressed: an answer cannot become larger than what was counted.
      headers: { accept: "application/json", "accept-encoding": "identity", ...headers },
      ...(mustBePublic ? { lookup: publicOnly } : {}),
    },
    (response) => void read(response, limits.mostBytes).then(answer, fail),
  );
  const fail = (error: unknown): void => {
    reject(
      error instanceof AppError ? error : new RetriablePollerError(`The partner cannot be reached: ${wordOf(error)}`),
    );
    request.destroy();
  };
  // For the whole exchange: a partner that sends a byte now and then takes too long as well.
  const timer = setTimeout(
    () => fail(new RetriablePollerError(`The partner did not answer within ${limits.timeoutMs} ms`)),
    limits.timeoutMs,
  );
  request.on("error", fail).on("close", () => clearTimeout(timer));
  request.end();
  return promise;
}

const wordOf = (error: unknown): string =>
  error instanceof Error ? ("code" in error && String(error.code)) || error.name : "unknown";

async function read(response: IncomingMessage, mostBytes: number): Promise<Exchanged> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes)
      throw new TooLarge(`The partner's answer is longer than ${mostBytes} bytes`, { limit: mostBytes, unit: "bytes" });
    parts.push(part);
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(parts) };
}

/** The address that is connected to is the one that was looked at: a name cannot point elsewhere in between. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const addresses: readonly LookupAddress[] = error ? [] : found;
    const [first] = addresses;
    const refused = addresses.some(({ address }) => isPrivateAddress(address))
      ? new SourceNotAllowed("The address is not allowed: its name leads to a private address", { host: hostname })
      : error;
    if (refused || !first) callback(refused ?? new Error("no address"), "", 0);
    else if (options.all) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  });
};
