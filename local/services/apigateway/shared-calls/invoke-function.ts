/** Lambda functions behind routes, methods and authorizers. */
import type { Cloud } from "../../../core/cloud.ts";
import { asRole, asService, type Principal } from "../../../core/principal.ts";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import { assertAssumable } from "./assume-role.ts";

/** What API Gateway calls its sessions of a role. */
export const SESSION = "BackplaneAssumeRoleSession";
/** Stands for the credentials of whoever calls the API. */
const CALLER = "arn:aws:iam::*:user/*";

export interface FunctionAnswer {
  /** The function threw, or ended without an answer. */
  readonly failed: boolean;
  readonly payload: string;
}

/** Of `arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`, or the function's ARN itself. */
export function functionArnOf(uri: string): string | undefined {
  const wrapped = /:lambda:path\/\d{4}-\d\d-\d\d\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  return wrapped ?? (/^arn:[^:]+:lambda:/.test(uri) ? uri : undefined);
}

export interface FunctionCall {
  readonly functionArn: string;
  readonly event: unknown;
  /** `arn:aws:execute-api:…`: who calls, as the function's resource policy sees it. */
  readonly sourceArn: string;
  /** Called as this role instead of as the service. */
  readonly roleArn?: string | undefined;
  /** Who that is when the role is `arn:aws:iam::*:user/*`. */
  readonly caller?: Principal;
  /** The function is started and not waited for (`X-Amz-Invocation-Type: Event`). */
  readonly isAsynchronous?: boolean;
  readonly traceHeader?: string | undefined;
}

/** Throws ServiceError when the function is not there or may not be called. */
export async function invokeFunction(cloud: Cloud, call: FunctionCall): Promise<FunctionAnswer> {
  const as = principalOf(cloud, call);
  const answer = await cloud.call(
    "lambda",
    "Invoke",
    {
      FunctionName: call.functionArn,
      InvocationType: call.isAsynchronous ? "Event" : "RequestResponse",
      Payload: Buffer.from(JSON.stringify(call.event)),
    },
    as,
    { [TRACE_HEADER]: call.traceHeader },
  );
  const payload = answer.Payload === undefined ? "" : Buffer.from(answer.Payload).toString();
  return { failed: answer.FunctionError !== undefined, payload };
}

function principalOf(cloud: Cloud, { roleArn, caller, sourceArn }: FunctionCall): Principal {
  if (!roleArn) return asService("apigateway.amazonaws.com", sourceArn);
  if (roleArn === CALLER && caller) return caller;
  assertAssumable(cloud, roleArn);
  return asRole(roleArn, SESSION);
}
