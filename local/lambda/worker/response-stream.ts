/** Handlers wrapped with `awslambda.streamifyResponse` ("Writing response streaming-enabled Lambda functions"). */
import { Writable } from "node:stream";
import type { HandlerFunction } from "./load-handler.ts";

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
/** Between the JSON that describes the answer and its body. */
const DELIMITER = Buffer.alloc(8);

/** Collects what a handler writes. */
export class ResponseStream extends Writable {
  readonly #chunks: Buffer[] = [];
  #prelude: Buffer | undefined;

  setContentType(): void {}

  describe(metadata: unknown): void {
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(metadata)), DELIMITER]);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#chunks.push(chunk);
    callback();
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.#prelude ? [this.#prelude, ...this.#chunks] : this.#chunks);
  }
}

export const isStreaming = (handler: HandlerFunction): boolean => STREAMING in handler;

/** The global that bundles of streaming handlers expect. */
export function installStreaming(): void {
  const awslambda = {
    streamifyResponse: (handler: HandlerFunction) => Object.assign(handler, { [STREAMING]: "response" }),
    HttpResponseStream: {
      from: (stream: ResponseStream, metadata: unknown) => {
        stream.describe(metadata);
        return stream;
      },
    },
  };
  // Packages add their own members to it (the SDK's invoke store).
  Object.assign(globalThis, { awslambda: { ...Reflect.get(globalThis, "awslambda"), ...awslambda } });
}
