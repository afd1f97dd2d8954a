/** AWS API requests: decode, dispatch, encode. */
import type { OnWaiting } from "../clock/hold-scope.ts";
import type { Cloud } from "../core/cloud.ts";
import type { Dispatcher } from "../core/dispatcher.ts";
import { isServiceError, ServiceError } from "../core/errors.ts";
import type { Principal } from "../core/principal.ts";
import { answerError, type WireFormat } from "./answer-error.ts";
import { cbor, jsonRest, jsonRpc, type Schema } from "./shapes/codecs.ts";
import { type Identified, identify, type Signature, signatureOf } from "./identify.ts";
import { readCbor, readJson, readXml } from "./shapes/json-documents.ts";
import { assertWithinBucket } from "./protocols/object-path.ts";
import { assertNotExpired, withPresignedHeaders } from "./presigned.ts";
import { readQuery, writeQuery } from "./protocols/query-protocol.ts";
import { LONGEST_DOCUMENT, tooLarge, unframed } from "./bodies/request-body.ts";
import { type ReadDocument, readRest, writeRest } from "./protocols/rest-protocol.ts";
import { matchRoute, type RouteMatch } from "./protocols/rest-route.ts";
import { type Operation, ServiceSchema } from "./service-schema.ts";
import type { WireRequest, WireResponse } from "./wire.ts";
import { serializationException } from "./shapes/wrong-type.ts";

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
    let identified = identify(this.#dispatcher.entries, received, signature);
    let format: WireFormat = identified.format;
    let service: ServiceSchema | undefined;
    const ids = { "x-amzn-requestid": requestId, "x-amz-request-id": requestId };
    try {
      const whole = await unframed(received, signature);
      if (whole !== received) identified = identify(this.#dispatcher.entries, whole, signature);
      format = identified.format;
      const request = withPresignedHeaders(whole);
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
      const match = matchRoute(service.routes.get(request.method), request);
      const operation = match && service.operations.get(match.route.operation.name);
      if (operation) return { service, operation, match };
    }
    throw this.#unknown(identified, request, signature);
  }

  #unknown(identified: Identified, request: WireRequest, signature: Signature | undefined): ServiceError {
    const named =
      identified.candidates[0] ??
      this.#dispatcher.entries.find(({ signingName }) => signingName === signature?.service);
    const target = request.headers["x-amz-target"];
    if (!named || (target !== undefined && identified.candidates.length === 0)) {
      const asked = target ?? signature?.service ?? request.path;
      return new ServiceError("NotImplemented", `The local cloud has no service for ${asked}`, { status: 501 });
    }
    if (named.id === "s3")
      return new ServiceError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
        status: 405,
      });
    if (identified.form) {
      const version = identified.form.get("Version") ?? "";
      return new ServiceError(
        "InvalidAction",
        `Could not find operation ${identified.operation} for version ${version}`,
        { status: 400 },
      );
    }
    const asked = identified.operation ?? `${request.method} ${request.path}`;
    return new ServiceError("UnknownOperationException", `${named.id} knows no operation ${asked}`, { status: 404 });
  }

  async #read({ service, operation, match }: Routed, identified: Identified, request: WireRequest): Promise<unknown> {
    const isForS3 = service.id === "s3";
    if (!isForS3 && request.body.length > LONGEST_DOCUMENT) throw tooLarge();
    if (match) {
      if (isForS3 && match.labels["Key"] !== undefined) assertWithinBucket(match.labels["Key"]);
      const readDocument: ReadDocument = (schema, body) =>
        service.protocol === "rest-xml"
          ? readS3Document(service, schema, body)
          : readJson("rest", service.id, schema, body);
      return readRest(match, request, readDocument, isForS3);
    }
    if (identified.form) return readQuery(operation, identified.form);
    if (identified.format !== "cbor") return readJson("rpc", service.id, operation.input, request.body);
    try {
      return await readCbor(operation.input, request.body);
    } catch (error) {
      throw isServiceError(error) ? error : serializationException("The request body is not valid CBOR");
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

/** Whatever is wrong with it: S3 has one answer to documents that do not fit its schema. */
async function readS3Document(service: ServiceSchema, schema: Schema, body: Buffer): Promise<unknown> {
  try {
    return await readXml(service.xml, schema, body);
  } catch {
    throw new ServiceError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
      { status: 400 },
    );
  }
}
