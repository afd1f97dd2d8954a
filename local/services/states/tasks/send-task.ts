/** SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { MAX_PAYLOAD_BYTES } from "../../../states/failure.ts";
import type { Json } from "../../../states/json.ts";
import { jsonProblem } from "../machines/json-error.ts";
import type { TaskTokens } from "./tokens.ts";

export const sendTaskSuccess =
  (tokens: TaskTokens): Handler<typeof SFN, "SendTaskSuccess"> =>
  ({ taskToken, output = "" }) => {
    tokens.succeed(taskToken, readOutput(output));
    return {};
  };

export const sendTaskFailure =
  (tokens: TaskTokens): Handler<typeof SFN, "SendTaskFailure"> =>
  ({ taskToken, error, cause }) => {
    tokens.fail(taskToken, error, cause);
    return {};
  };

export const sendTaskHeartbeat =
  (tokens: TaskTokens): Handler<typeof SFN, "SendTaskHeartbeat"> =>
  ({ taskToken }) => {
    tokens.heartbeat(taskToken);
    return {};
  };

/** Throws InvalidOutput. */
function readOutput(output: string): Json {
  if (Buffer.byteLength(output) > MAX_PAYLOAD_BYTES)
    throw new ServiceError(
      "InvalidOutput",
      "Invalid Output: 'The output exceeds the maximum number of bytes service limit.'",
    );
  try {
    const value: Json = JSON.parse(output);
    return value;
  } catch {
    throw new ServiceError("InvalidOutput", `Invalid Output: '${jsonProblem(output)}'`);
  }
}
