/** AWS API requests: decode, dispatch, encode. */
import type { OnWaiting } from "../clock/hold-scope.ts";
import type { Cloud } from "../core/cloud.ts";
import type { Dispatcher } from "../core/dispatcher.ts";
import { isServiceError, ServiceError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { answerError, type WireFormat } from "./answer-error.ts";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import { cbor, jsonRest, jsonRpc } from "./codecs.ts";
import { type Identified, identify, type Signature, signatureOf } from "./identify.ts";
import { assertNotExpired, presignedHeaders } from "./presigned.ts";
import { readQuery, writeQuery } from "./query-protocol.ts";
import { readRest, writeRest } from "./rest-protocol.ts";
import { matchRoute, type RouteMatch } from "./rest-route.ts";
import { type Operation, ServiceSchema } from "./service-schema.ts";
import type { WireRequest, WireResponse } from "./wire.ts";

/** AWS's front ends refuse longer bodies of JSON and query requests; only S3 and deployment packages are larger. */
const LONGEST_DOCUMENT = 100 * 1024 * 1024;

interface Routed {
  readonly service: ServiceSchema;
  readonly operation: Operation;
  readonly match: RouteMatch | undefined;
}

export class Gateway {
  readonly #dispatcher: Dispatcher;
  readonly #cloud: Cloud;
  readonly #schemas = new Map<string, ServiceSchema>();

  constructor(dispatcher: Dispatcher, cloud: Cloud) {
    this.#dispatcher = dispatcher;
    this.#cloud = cloud;
  }

  async handle(received: WireRequest, onWaiting?: OnWaiting): Promise<WireResponse> {
    const requestId = this.#cloud.uuid();
    const signature = signatureOf(received);
    const identified = identify(this.#dispatcher.entries, received, signature);
    let format: WireFormat = identified.format;
    let service: ServiceSchema | undefined;
    const ids = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
    try {
      const whole = unchunked(received);
      const request = { ...whole, headers: { ...presignedHeaders(whole.query), ...whole.headers } };
      const principal = this.#principal(signature);
      assertNotExpired(request.query, this.#cloud.clock.now());
      const routed = await this.#route(identified, request, signature);
      service = routed.service;
      if (identified.format === "rest-json" || identified.format === "rest-xml")
        format = service.protocol === "rest-xml" ? "rest-xml" : "rest-json";
      const input = await this.#read(routed, identified, request);
      const output = await this.#dispatcher.dispatch(service.id, routed.operation.name, input, {
        principal,
        signal: request.signal,
        headers: request.headers,
        isOutside: principal.kind === "account" || principal.kind === "anonymous",
        ...(onWaiting ? { onWaiting } : {}),
      });
      const answer = this.#write(routed, format, output, requestId, request.headers["content-type"]);
      return { ...answer, headers: { ...ids, ...answer.headers } };
    } catch (error) {
      if (!isServiceError(error)) this.#cloud.log.error(`${received.method} ${received.path}`, error);
      const answer = answerError(error, {
        format,
        service,
        requestId,
        contentType: format === "rest-json" ? "application/json" : received.headers["content-type"],
        path: received.path,
        isHead: received.method === "HEAD",
      });
      return { ...answer, headers: { ...ids, ...answer.headers } };
    }
  }

  /** Loads the schemas of a service: its protocol, operations and errors. */
  async schema(id: string): Promise<ServiceSchema> {
    let schema = this.#schemas.get(id);
    if (!schema) {
      const service = await this.#dispatcher.load(id);
      const entry = this.#dispatcher.entry(id);
      if (!entry) throw new Error(`No service ${id}`);
      schema = new ServiceSchema(entry, service.sdk);
      this.#schemas.set(id, schema);
    }
    return schema;
  }

  #principal(signature: Signature | undefined): Principal {
    return signature ? this.#cloud.iam.principalOf(signature.accessKeyId) : { kind: "anonymous" };
  }

  async #route(identified: Identified, request: WireRequest, signature: Signature | undefined): Promise<Routed> {
    for (const entry of identified.candidates) {
      const service = await this.schema(entry.id);
      if (identified.operation !== undefined) {
        const operation = service.operations.get(identified.operation);
        if (operation) return { service, operation, match: undefined };
        continue;
      }
      const match = matchRoute(service.routes, request.method, request.path, request.query, request.headers);
      const operation = match && service.operations.get(match.route.operation.name);
      if (operation) return { service, operation, match };
    }
    const named = identified.candidates[0];
    if (!named) {
      const asked = request.headers["x-amz-target"] ?? signature?.service ?? request.path;
      throw new ServiceError("NotImplemented", `The local cloud has no service for ${asked}`, { status: 501 });
    }
    if (named.id === "s3")
      throw new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
        status: 405,
      });
    throw new ServiceError(
      "UnknownOperationException",
      `${named.id} knows no operation ${identified.operation ?? `${request.method} ${request.path}`}`,
      {
        status: 404,
      },
    );
  }

  async #read({ service, operation, match }: Routed, identified: Identified, request: WireRequest): Promise<unknown> {
    if (service.id !== "s3" && request.body.length > LONGEST_DOCUMENT) {
      throw new ServiceError("RequestEntityTooLargeException", "Request size exceeds limit", { status: 413 });
    }
    try {
      if (match) return await readRest(match, request, service.protocol === "rest-xml" ? service.xml : jsonRest);
      if (identified.form) return readQuery(operation, identified.form);
      if (identified.format === "cbor")
        return request.body.length > 0 ? await cbor.read(operation.input, request.body) : {};
      return await jsonRpc.read(operation.input, parsable(request.body));
    } catch (error) {
      if (isServiceError(error)) throw error;
      if (service.protocol === "rest-xml") {
        throw new ServiceError(
          "MalformedXML",
          "The XML you provided was not well-formed or did not validate against our published schema",
          { status: 400 },
        );
      }
      throw new ServiceError(
        "SerializationException",
        error instanceof Error ? error.message : "The request could not be read",
        { status: 400 },
      );
    }
  }

  #write(
    { service, operation, match }: Routed,
    format: WireFormat,
    output: unknown,
    requestId: string,
    contentType: string | undefined,
  ): WireResponse {
    const members = (output ?? {}) as Readonly<Record<string, unknown>>;
    if (match) {
      const isXml = service.protocol === "rest-xml";
      return writeRest(
        operation,
        members,
        match.route.status,
        isXml ? service.xml : jsonRest,
        isXml ? "application/xml" : "application/json",
      );
    }
    if (format === "query") {
      return {
        status: 200,
        headers: { "content-type": "text/xml" },
        body: writeQuery(service, operation, members, requestId),
      };
    }
    const hasOutput = operation.output.isStructSchema();
    if (format === "cbor") {
      const headers = { "smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor" };
      return { status: 200, headers, body: hasOutput ? cbor.write(operation.output, members) : "" };
    }
    const headers = { "content-type": contentType ?? "application/x-amz-json-1.0" };
    return { status: 200, headers, body: hasOutput ? jsonRpc.write(operation.output, members) : "{}" };
  }
}

function unchunked(request: WireRequest): WireRequest {
  if (!isAwsChunked(request.headers)) return request;
  const { body, trailers } = decodeAwsChunked(request.body);
  const encoding = (request.headers["content-encoding"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked")
    .join(",");
  return {
    ...request,
    body,
    headers: { ...request.headers, "content-encoding": encoding === "" ? undefined : encoding, ...trailers },
  };
}

/** An empty body is an empty document; anything but a JSON object is refused before the codec sees it. */
function parsable(body: Buffer): Buffer {
  if (body.length === 0) return Buffer.from("{}");
  const first = body.toString("latin1", 0, 64).trimStart()[0];
  if (first !== "{")
    throw new ServiceError("SerializationException", "Start of structure or map found where not expected.", {
      status: 400,
    });
  return body;
}
