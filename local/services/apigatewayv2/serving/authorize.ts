/** Who may call a route, and what its integration is told of the caller. */
import type { Route } from "@aws-sdk/client-apigatewayv2";
import { signatureOf } from "../../../gateway/identify.ts";
import { isServiceError } from "../../../core/errors.ts";
import { type Exchange, setContext } from "../../apigateway/shared-serving/context.ts";
import type { Definition } from "../store.ts";
import { forbidden, internalError } from "./problem.ts";
import type { JwtAuthorizer } from "./jwt.ts";
import type { LambdaAuthorizer } from "./lambda-authorizer.ts";

export interface Caller {
  /** `requestContext.authorizer` of payload format 2.0. */
  readonly format2: unknown;
  /** The same in payload format 1.0. */
  readonly format1: unknown;
  /** Members of `requestContext.identity` that are known. */
  readonly identity: Readonly<Record<string, unknown>>;
}

export interface Authorizers {
  readonly lambda: LambdaAuthorizer;
  readonly jwt: JwtAuthorizer;
}

export interface Wanted {
  readonly route: Route;
  readonly definition: Definition;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** `arn:aws:execute-api:…/<stage>/<METHOD>/<path>` with the path as it was requested. */
  readonly arn: string;
}

const NOBODY: Caller = { format2: undefined, format1: {}, identity: {} };

/** Throws Problem when the caller may not. */
export async function authorize(exchange: Exchange, wanted: Wanted, authorizers: Authorizers): Promise<Caller> {
  const { route, definition } = wanted;
  if (route.AuthorizationType === "NONE" || route.AuthorizationType === undefined) return NOBODY;
  if (route.AuthorizationType === "AWS_IAM") return byIam(exchange, wanted.arn);
  const authorizer = definition.authorizers[route.AuthorizerId ?? ""];
  if (!authorizer) throw internalError();
  return route.AuthorizationType === "JWT"
    ? authorizers.jwt.authorize(exchange, authorizer, route)
    : authorizers.lambda.authorize(exchange, authorizer, wanted);
}

function byIam(exchange: Exchange, arn: string): Caller {
  const { cloud, request, context } = exchange;
  const { principal } = request;
  if (principal.kind === "anonymous") throw forbidden();
  try {
    cloud.iam.authorize(principal, { action: "execute-api:Invoke", resource: arn }, undefined);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    cloud.log.warn(error.message);
    setContext(context, "error.message", "Forbidden");
    throw forbidden();
  }
  const accessKey = signatureOf(request)?.accessKeyId ?? "";
  const userArn = callerArn(exchange);
  const userId = principal.kind === "role" ? `${accessKey}:${principal.sessionName}` : cloud.accountId;
  const identity = { accountId: cloud.accountId, accessKey, caller: userId, user: userId, userArn };
  for (const [name, value] of Object.entries(identity)) setContext(context, `identity.${name}`, value);
  const iam = {
    accessKey,
    accountId: cloud.accountId,
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: "",
    userArn,
    userId,
  };
  return { format2: { iam }, format1: {}, identity };
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, or the account's root. */
function callerArn({ cloud, request: { principal } }: Exchange): string {
  if (principal.kind !== "role") return `arn:aws:iam::${cloud.accountId}:root`;
  const role = principal.roleArn.slice(principal.roleArn.lastIndexOf("/") + 1);
  return `arn:aws:sts::${cloud.accountId}:assumed-role/${role}/${principal.sessionName}`;
}
