/** One port on 127.0.0.1 for HTTP/1.1 and HTTP/2 without TLS: a connection that opens with the HTTP/2 preface is HTTP/2. */
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { Readable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/cloud.ts";
import type { WireRequest, WireResponse } from "./wire.ts";

/** S3 takes objects of up to 5 GiB in one request (Amazon S3 multipart upload limits); nothing is longer. */
const LONGEST_BODY = 5 * 1024 ** 3;
const HEADERS_TIMEOUT_MS = 60_000;

export type Answer = (request: WireRequest) => Promise<WireResponse>;

type Incoming = http.IncomingMessage | http2.Http2ServerRequest;
type Outgoing = http.ServerResponse | http2.Http2ServerResponse;

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/** Throws an error with code EADDRINUSE when the port is taken. Port 0 takes a free one. */
export async function listen(port: number, clock: Clock, log: Log, answer: Answer): Promise<Server> {
  const respond = (incoming: Incoming, outgoing: Outgoing) => {
    serve(incoming, outgoing, clock, answer).catch((error: unknown) => {
      log.error(`${incoming.method} ${incoming.url}`, error);
      outgoing.destroy?.();
    });
  };
  const http1 = http.createServer(
    { keepAliveTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, maxHeaderSize: 64 * 1024 },
    respond,
  );
  const h2c = http2.createServer(respond);
  http1.on("clientError", (_error, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
  });
  h2c.on("sessionError", () => {});

  const sockets = new Set<net.Socket>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      const start = socket.read(3) as Buffer | null;
      if (!start) return;
      socket.unshift(start);
      (start.toString("latin1") === "PRI" ? h2c : http1).emit("connection", socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    front.once("error", reject);
    front.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (front.address() as net.AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function serve(incoming: Incoming, outgoing: Outgoing, clock: Clock, answer: Answer): Promise<void> {
  const abort = new AbortController();
  outgoing.on("close", () => {
    if (!outgoing.writableFinished) abort.abort(new Error("The caller has hung up"));
  });
  const body = await readBody(incoming);
  const response = body
    ? await answer(wireRequest(incoming, body, abort.signal))
    : { status: 413, headers: {}, body: "" };
  if (outgoing.destroyed) return;
  write(incoming, outgoing, response, clock);
}

function wireRequest(incoming: Incoming, body: Buffer, signal: AbortSignal): WireRequest {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  const headers: Record<string, string | undefined> = Object.create(null);
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (!name.startsWith(":")) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  headers["host"] ??= incoming.headers[":authority"] as string | undefined;
  return {
    method: incoming.method ?? "GET",
    path: (mark < 0 ? url : url.slice(0, mark)) || "/",
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers,
    body,
    sourceIp: "127.0.0.1",
    signal,
  };
}

/** The whole body; undefined when it is longer than anything AWS takes. */
async function readBody(incoming: Incoming): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
}

function write(incoming: Incoming, outgoing: Outgoing, response: WireResponse, clock: Clock): void {
  // SDK clients correct the clock they sign with by this header: in virtual time it must be the cloud's.
  outgoing.sendDate = false;
  const headers: Record<string, string | string[]> = { date: new Date(clock.now()).toUTCString() };
  for (const [name, value] of Object.entries(response.headers))
    headers[name] = typeof value === "string" ? value : [...value];
  const { body } = response;
  const target = outgoing as http.ServerResponse;
  if (body instanceof Readable) {
    target.writeHead(response.status, headers);
    body.on("error", () => target.destroy());
    body.pipe(target);
    return;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  // A HEAD answer carries the length of the body that it does not have.
  if (
    headers["content-length"] === undefined &&
    !(incoming.method === "HEAD" && bytes.length === 0) &&
    response.status !== 204 &&
    response.status !== 304
  ) {
    headers["content-length"] = String(bytes.length);
  }
  target.writeHead(response.status, headers);
  target.end(incoming.method === "HEAD" ? undefined : bytes);
}
