/** One port on 127.0.0.1 for HTTP/1.1 and HTTP/2 without TLS: a connection that opens with the HTTP/2 preface is HTTP/2. */
import http from "node:http";
import http2 from "node:http2";
import net from "node:net";
import { Readable } from "node:stream";
import type { Clock } from "../core/clock.ts";
import type { Log } from "../core/cloud.ts";
import { signatureOf } from "./identify.ts";
import { isDocument, LONGEST_DOCUMENT } from "./bodies/request-body.ts";
import type { WireRequest, WireResponse } from "./wire.ts";

/** S3 takes objects of up to 5 GiB in one request (Amazon S3 multipart upload limits); nothing is longer. */
const LONGEST_BODY = 5 * 1024 ** 3;
/** A body of bytes up to this length goes out in one piece with its head: a second piece costs more than the copy. */
const LITTLE = 16 * 1024;
/** Headers that belong to an HTTP/1 connection: HTTP/2 has no such thing, and Node refuses to send them. */
const OF_CONNECTION = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]);

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
    // A client that goes away shows as an error of either; `serve` sees it by the aborted signal.
    incoming.on("error", () => {});
    outgoing.on("error", () => {});
    serve(incoming, outgoing, clock, answer).catch((error: unknown) => {
      if (incoming.destroyed && !incoming.complete) return;
      log.error(`${incoming.method} ${incoming.url}`, error);
      fail(incoming, outgoing, clock);
    });
  };
  const http1 = http.createServer(
    // Clients close their connections themselves; a timer for each answer would only cost.
    { keepAliveTimeout: 0, requestTimeout: 0, maxHeaderSize: 64 * 1024 },
    respond,
  );
  const h2c = http2.createServer(respond);
  http1.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status = error.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    else socket.destroy();
  });
  h2c.on("sessionError", () => {});

  const sockets = new Set<net.Socket>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const sniff = () => {
      const start = socket.read(3) as Buffer | null;
      // A slow client may send its first bytes one by one.
      if (!start) return;
      socket.off("readable", sniff);
      socket.unshift(start);
      (start.toString("latin1") === "PRI" ? h2c : http1).emit("connection", socket);
    };
    socket.on("readable", sniff);
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
  const head = wireRequest(incoming, Buffer.alloc(0), abort.signal);
  // What is too long for its service is read to its end all the same, so that the client gets to read the answer.
  const keep = isDocument(head, signatureOf(head)) ? LONGEST_DOCUMENT : LONGEST_BODY;
  const response = await answer(hasNoBody(incoming, head) ? head : { ...head, body: await readBody(incoming, keep) });
  if (outgoing.destroyed) return;
  write(incoming, outgoing, response, clock);
}

/** The last resort: an answer that could not be made, or not be sent (a function's own headers may be none). */
function fail(incoming: Incoming, outgoing: Outgoing, clock: Clock): void {
  if (outgoing.destroyed) return;
  if (outgoing.headersSent) outgoing.destroy?.();
  else {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({
      __type: "InternalFailure",
      message: "The local cloud failed to answer this request",
    });
    write(incoming, outgoing, { status: 500, headers, body }, clock);
  }
}

function wireRequest(incoming: Incoming, body: Buffer, signal: AbortSignal): WireRequest {
  const url = incoming.url ?? "/";
  const mark = url.indexOf("?");
  return {
    method: incoming.method ?? "GET",
    path: (mark < 0 ? url : url.slice(0, mark)) || "/",
    query: new URLSearchParams(mark < 0 ? "" : url.slice(mark + 1)),
    headers: headersOf(incoming.rawHeaders),
    body,
    sourceIp: "127.0.0.1",
    signal,
  };
}

/** @param raw names and values in turns. A name that comes again adds to the value (RFC 9110, 5.2). */
function headersOf(raw: readonly string[]): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = Object.create(null);
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    const value = raw[at + 1] ?? "";
    const before = headers[name];
    if (name === ":authority") headers["host"] = value;
    else if (!name.startsWith(":"))
      headers[name] = before === undefined ? value : `${before}${name === "cookie" ? ";" : ","} ${value}`;
  }
  return headers;
}

/** HTTP/1 says beforehand that a body comes (RFC 9112, 6.3). */
const hasNoBody = (incoming: Incoming, { headers }: WireRequest): boolean =>
  incoming.httpVersionMajor === 1 &&
  headers["content-length"] === undefined &&
  headers["transfer-encoding"] === undefined;

/**
 * The body, or when it is longer than `keep` bytes a beginning of it that is longer than that. Rejects when the client hangs up before
 * its end. By events: an asynchronous iterator takes longer than many a handler.
 */
function readBody(incoming: Incoming, keep: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let hasEnded = false;
    incoming.on("data", (chunk: Buffer) => {
      if (length > keep) return;
      length += chunk.length;
      chunks.push(chunk);
    });
    incoming.on("end", () => {
      hasEnded = true;
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length));
    });
    incoming.on("error", reject);
    incoming.on("close", () => {
      if (!hasEnded) reject(new Error("The caller has hung up"));
    });
  });
}

function write(incoming: Incoming, outgoing: Outgoing, response: WireResponse, clock: Clock): void {
  // SDK clients correct the clock they sign with by this header: in virtual time it must be the cloud's.
  outgoing.sendDate = false;
  const headers: Record<string, string | string[]> = { date: new Date(clock.now()).toUTCString() };
  const isHttp2 = incoming.httpVersionMajor === 2;
  for (const [name, value] of Object.entries(response.headers)) {
    if (isHttp2 && OF_CONNECTION.has(name.toLowerCase())) continue;
    headers[name] = typeof value === "string" ? value : [...value];
  }
  const { body } = response;
  const target = outgoing as http.ServerResponse;
  if (body instanceof Readable) {
    target.writeHead(response.status, headers);
    body.on("error", () => target.destroy());
    body.pipe(target);
    return;
  }
  // A HEAD answer carries the length of the body that it does not have.
  if (
    headers["content-length"] === undefined &&
    !(incoming.method === "HEAD" && body.length === 0) &&
    response.status !== 204 &&
    response.status !== 304
  ) {
    headers["content-length"] = String(Buffer.byteLength(body));
  }
  target.writeHead(response.status, headers);
  if (incoming.method === "HEAD" || body.length === 0) target.end();
  else if (typeof body !== "string" && body.length <= LITTLE && !isHttp2) target.end(latin1(body), "latin1");
  else target.end(body);
}

/** Node joins text to the head, and sends bytes as a piece of their own. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
