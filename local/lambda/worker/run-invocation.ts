/** One invocation of the handler: its context, its answer. */
import { finished } from "node:stream/promises";
import { RuntimeError } from "./failure.ts";
import type { HandlerFunction } from "./load-handler.ts";
import type { InvokeWord } from "./protocol.ts";
import { isStreaming, ResponseStream } from "./response-stream.ts";

export interface Answer {
  /** JSON text; empty when the handler streamed its answer. */
  readonly payload: string;
  readonly streamed?: Uint8Array;
}

/** Runtimes up to this one take handlers that answer by a callback. */
const LAST_WITH_CALLBACKS = 22;

/** Throws when the runtime does not take such a handler. */
export function checkSignature(handler: HandlerFunction, runtime: string): void {
  const version = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? LAST_WITH_CALLBACKS);
  if (handler.length >= 3 && !isStreaming(handler) && version > LAST_WITH_CALLBACKS)
    throw new RuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
    );
}

/** Throws what the handler throws, or `Runtime.JSONStringifyError`. */
export async function runInvocation(handler: HandlerFunction, word: InvokeWord, now: () => number): Promise<Answer> {
  const event: unknown = JSON.parse(word.payload);
  const context = contextOf(word, now);
  if (isStreaming(handler)) {
    const stream = new ResponseStream();
    const done = finished(stream);
    // The handler may fail before the stream ends; then nobody waits for it.
    done.catch(() => {});
    await handler(event, stream, context);
    await done;
    return { payload: "", streamed: stream.bytes };
  }
  return { payload: stringify(await answerOf(handler, event, context)) };
}

/** A handler answers by its promise, by the callback, or (a plain function without a promise) never, which counts as null. */
function answerOf(handler: HandlerFunction, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown): void =>
      error === undefined || error === null ? resolve(result) : reject(error);
    const legacy = {
      done: callback,
      fail: (error: unknown) => callback(error ?? new Error("handled"), undefined),
      succeed: (result: unknown) => resolve(result),
    };
    const takesCallback = handler.length >= 3;
    const result = handler(event, takesCallback ? Object.assign(context, legacy) : context, callback);
    if (isThenable(result)) Promise.resolve(result).then(resolve, reject);
    else if (!takesCallback) resolve(result);
  });
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";

function stringify(result: unknown): string {
  try {
    // undefined, functions and symbols have no JSON: they are answered as null.
    return JSON.stringify(result) ?? "null";
  } catch {
    throw new RuntimeError("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

/** "Using the Lambda context object to retrieve Node.js function information". */
function contextOf(word: InvokeWord, now: () => number): object {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: env["AWS_LAMBDA_FUNCTION_VERSION"],
    memoryLimitInMB: env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    logGroupName: env["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: env["AWS_LAMBDA_LOG_STREAM_NAME"],
    invokedFunctionArn: word.invokedFunctionArn,
    awsRequestId: word.requestId,
    clientContext: word.clientContext === undefined ? undefined : (JSON.parse(word.clientContext) as unknown),
    identity: undefined,
    getRemainingTimeInMillis: () => word.deadline - now(),
  };
}
