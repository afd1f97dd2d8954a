/**
 * Counts the HTTP requests that the worker has open. The host knows which of them the gateway lets wait: when it is all of
 * them, time may move.
 */
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Activity } from "./activity.ts";
import { Word } from "./protocol.ts";

/** Tells the gateway whose request this is when it carries no signature. */
const WORKER_HEADER = "x-local-worker";

interface UndiciRequest {
  readonly origin: unknown;
  addHeader(name: string, value: string): void;
}

export function countOpenRequests(words: Int32Array, activity: Activity): void {
  const open = new WeakSet<object>();
  const begin = (request: object): void => {
    open.add(request);
    activity.step();
    Atomics.add(words, Word.open, 1);
  };
  const end = (request: object): void => {
    if (!open.delete(request)) return;
    // Busy first: the host must never see fewer open requests while the worker still looks quiet.
    activity.step();
    Atomics.sub(words, Word.open, 1);
  };
  const key = process.env["AWS_ACCESS_KEY_ID"] ?? "";
  const gateway = new URL(process.env["AWS_ENDPOINT_URL"] ?? "http://127.0.0.1");

  // node:http. A request closes when its answer has ended, or when it failed.
  subscribe("http.client.request.created", (message) => {
    const { request } = message as { request: ClientRequest };
    begin(request);
    request.once("close", () => end(request));
    const isToGateway = request.getHeader("host")?.toString().endsWith(`:${gateway.port}`) ?? false;
    if (isToGateway && !request.headersSent && !request.hasHeader("authorization"))
      request.setHeader(WORKER_HEADER, key);
  });
  subscribe("http.client.response.finish", (message) => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    activity.step();
    response.once("end", () => end(request));
    response.once("close", () => end(request));
  });

  // fetch.
  subscribe("undici:request:create", (message) => {
    const { request } = message as { request: UndiciRequest };
    begin(request);
    if (URL.canParse(String(request.origin)) && new URL(String(request.origin)).port === gateway.port)
      request.addHeader(WORKER_HEADER, key);
  });
  for (const last of ["undici:request:trailers", "undici:request:error"])
    subscribe(last, (message) => end((message as { request: object }).request));
}
