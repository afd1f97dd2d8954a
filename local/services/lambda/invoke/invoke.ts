import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { ServiceError } from "../../../core/errors.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { newTraceId } from "../../../core/trace-header.ts";
import { Constraints } from "../../constraints.ts";
import { invalid } from "../errors.ts";
import { type FunctionReference, readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

/** "Lambda quotas": invocation payload, synchronous and asynchronous. */
const LARGEST_PAYLOAD = 6 * 1024 * 1024;
const LARGEST_EVENT = 1024 * 1024;
/** `LogType: Tail` answers this much of the log. */
const TAIL_BYTES = 4 * 1024;

/** Runs a function and waits for its answer, or only takes an event for it, or only checks whether the caller may. */
export const invoke =
  (lambda: LambdaService): Handler<LAMBDA, "Invoke"> =>
  async (input, call) => {
    new Constraints()
      .text("invocationType", input.InvocationType, { oneOf: ["Event", "RequestResponse", "DryRun"] })
      .text("logType", input.LogType, { oneOf: ["None", "Tail"] })
      .check();
    const reference = readFunctionName(input.FunctionName, input.Qualifier);
    lambda.functions.resolve(reference);
    if (input.InvocationType === "DryRun") return { StatusCode: 204 };
    const payload = readPayload(input);
    const clientContext = readClientContext(input.ClientContext);
    const traceHeader = call.headers["x-amzn-trace-id"];
    if (input.InvocationType === "Event") {
      // All attempts belong to one trace.
      const header = traceHeader ?? `Root=${newTraceId(lambda.cloud)}`;
      lambda.asynchronous.add({ id: call.requestId, reference, payload, clientContext, traceHeader: header });
      return { StatusCode: 202 };
    }
    return synchronously(lambda, reference, { payload, clientContext, traceHeader }, input, call);
  };

async function synchronously(
  lambda: LambdaService,
  reference: FunctionReference,
  request: { payload: string; clientContext: string | undefined; traceHeader: string | undefined },
  input: InvokeCommandInput,
  call: Call,
) {
  const running = lambda.invoker.invoke(reference, { ...request, requestId: call.requestId });
  const outcome = await call.waiting(running);
  const tail = input.LogType === "Tail" ? Buffer.from(outcome.log.join("\n")).subarray(-TAIL_BYTES) : undefined;
  return {
    StatusCode: 200,
    Payload: blob(outcome.payload),
    ExecutedVersion: outcome.executedVersion,
    ...(outcome.failure && { FunctionError: "Unhandled" }),
    ...(tail && { LogResult: tail.toString("base64") }),
  };
}

/** The SDK's type has a method by which clients read the bytes as text. */
const blob = (payload: string | Uint8Array): NonNullable<InvokeCommandOutput["Payload"]> => {
  const bytes = Buffer.from(payload);
  return Object.assign(bytes, { transformToString: (encoding?: string) => bytes.toString(encoding as BufferEncoding) });
};

function readPayload({ Payload, InvocationType: type }: InvokeCommandInput): string {
  // The types also allow what Buffer.from takes all the same: texts and array buffers.
  const bytes = Buffer.from((Payload ?? "") as Uint8Array);
  const { length } = bytes;
  if (type === "Event" ? length > LARGEST_EVENT : length > LARGEST_PAYLOAD)
    throw new ServiceError(
      "RequestEntityTooLargeException",
      type === "Event"
        ? `${length} byte payload is too large for the Event invocation type (limit ${LARGEST_EVENT} bytes)`
        : `Request must be smaller than ${LARGEST_PAYLOAD} bytes for the InvokeFunction operation`,
      { status: 413, detail: { Type: "User" } },
    );
  if (length === 0) return "{}";
  const text = bytes.toString();
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(
      "InvalidRequestContentException",
      `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`,
      { detail: { Type: "User" } },
    );
  }
  return text;
}

/** Base64 of JSON, for the function's context object. */
function readClientContext(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw invalid("Client context must be a valid Base64-encoded JSON object.");
  }
}
