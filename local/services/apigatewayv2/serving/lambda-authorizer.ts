/** Lambda authorizers of HTTP APIs ("Control access to HTTP APIs with AWS Lambda authorizers"). */
import type { Authorizer } from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../../core/cloud.ts";
import type { PolicyDocument } from "../../../core/principal.ts";
import { ruling } from "../../apigateway/shared-serving/authorizer-policy.ts";
import { type Exchange, setContext } from "../../apigateway/shared-serving/context.ts";
import { requestContext1 } from "../../apigateway/shared-serving/event-format-1.ts";
import { functionArnOf, invokeFunction } from "../../apigateway/shared-calls/invoke-function.ts";
import { capitalised, multiValues } from "../../apigateway/shared-serving/request-headers.ts";
import type { Caller, Wanted } from "./authorize.ts";
import { eventWithoutBody, shownPath } from "./event-format-2.ts";
import { evaluate } from "./parameter-mapping.ts";
import { forbidden, internalError, unauthorized } from "./problem.ts";

/** What a function answered, for any route of the API. */
interface Verdict {
  readonly isAuthorized: boolean | undefined;
  readonly policy: PolicyDocument | undefined;
  readonly principalId: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
}

const MOST_VERDICTS = 10_000;

export class LambdaAuthorizer {
  readonly #cloud: Cloud;
  readonly #verdicts = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Throws Problem when the caller may not. */
  async authorize(exchange: Exchange, authorizer: Authorizer, wanted: Wanted): Promise<Caller> {
    const values = (authorizer.IdentitySource ?? []).map((source) =>
      evaluate(source, { exchange, pathParameters: wanted.pathParameters }),
    );
    // The function is not asked when an identity source is missing.
    if (values.some((value) => value === undefined || value === "")) throw unauthorized();
    const identity = values.map((value) => value ?? "");
    const verdict = await this.#verdict(exchange, authorizer, wanted, identity);
    setContext(exchange.context, "authorizer", {
      ...verdict.context,
      ...(verdict.principalId === undefined ? {} : { principalId: verdict.principalId }),
    });
    const isAllowed = verdict.isAuthorized ?? ruling(verdict.policy, wanted.arn, this.#cloud) === "allow";
    if (!isAllowed) throw forbidden();
    const shown = Object.fromEntries(Object.entries(verdict.context).map(([name, value]) => [name, value]));
    const named = verdict.principalId === undefined ? {} : { principalId: verdict.principalId };
    return { format2: { lambda: shown }, format1: { ...shown, ...named }, identity: {} };
  }

  async #verdict(
    exchange: Exchange,
    authorizer: Authorizer,
    wanted: Wanted,
    identity: readonly string[],
  ): Promise<Verdict> {
    const ttl = authorizer.AuthorizerResultTtlInSeconds ?? 0;
    const now = this.#cloud.clock.now();
    const key = JSON.stringify([exchange.apiId, exchange.stage, authorizer.AuthorizerId, identity]);
    const cached = this.#verdicts.get(key);
    if (ttl > 0 && cached && cached.until > now) return cached.verdict;
    this.#verdicts.delete(key);
    const verdict = await this.#ask(exchange, authorizer, wanted, identity);
    if (ttl > 0) this.#keep(key, verdict, now + ttl * 1000);
    return verdict;
  }

  /** Tokens are many and are never asked for again: what has expired must go. */
  #keep(key: string, verdict: Verdict, until: number): void {
    if (this.#verdicts.size >= MOST_VERDICTS) {
      const now = this.#cloud.clock.now();
      for (const [old, kept] of this.#verdicts) if (kept.until <= now) this.#verdicts.delete(old);
      if (this.#verdicts.size >= MOST_VERDICTS) this.#verdicts.clear();
    }
    this.#verdicts.set(key, { verdict, until });
  }

  async #ask(
    exchange: Exchange,
    authorizer: Authorizer,
    wanted: Wanted,
    identity: readonly string[],
  ): Promise<Verdict> {
    const { apiId } = exchange;
    const functionArn = functionArnOf(authorizer.AuthorizerUri ?? "") ?? "";
    const event =
      authorizer.AuthorizerPayloadFormatVersion === "2.0"
        ? event2(exchange, wanted, identity)
        : event1(exchange, wanted, identity);
    const sourceArn = this.#cloud.arn("execute-api", `${apiId}/authorizers/${authorizer.AuthorizerId ?? ""}`);
    const roleArn = authorizer.AuthorizerCredentialsArn;
    try {
      const { failed, payload } = await invokeFunction(this.#cloud, { functionArn, event, sourceArn, roleArn });
      const result: unknown = JSON.parse(payload);
      if (failed) {
        // A function says "no" to the caller itself by throwing exactly this.
        if (
          typeof result === "object" &&
          result !== null &&
          "errorMessage" in result &&
          result.errorMessage === "Unauthorized"
        )
          throw unauthorized();
        throw new Error(payload);
      }
      return verdictOf(result, authorizer.EnableSimpleResponses ?? false);
    } catch (error) {
      if (error instanceof Error && error.name === "Problem") throw error;
      this.#cloud.log.warn(
        `API ${apiId}, authorizer ${authorizer.Name ?? ""}: ${error instanceof Error ? error.message : String(error)}`,
      );
      throw internalError();
    }
  }
}

function event2(exchange: Exchange, wanted: Wanted, identitySource: readonly string[]): Record<string, unknown> {
  const routeKey = wanted.route.RouteKey ?? "";
  const { version, ...event } = eventWithoutBody(exchange, {
    routeKey,
    pathParameters: wanted.pathParameters,
    authorizer: undefined,
  });
  return { version, type: "REQUEST", routeArn: wanted.arn, identitySource, ...event };
}

function event1(exchange: Exchange, wanted: Wanted, identity: readonly string[]): Record<string, unknown> {
  const { request } = exchange;
  const routeKey = wanted.route.RouteKey ?? "";
  const resource = routeKey.split(" ")[1] ?? routeKey;
  const query = Object.entries(multiValues(request.query)).map(([name, values]) => [name, values.at(-1) ?? ""]);
  return {
    version: "1.0",
    type: "REQUEST",
    methodArn: wanted.arn,
    identitySource: identity.join(","),
    authorizationToken: identity.join(","),
    resource,
    path: shownPath(exchange),
    httpMethod: request.method,
    headers: capitalised(exchange.headers),
    queryStringParameters: Object.fromEntries(query),
    pathParameters: wanted.pathParameters,
    stageVariables: exchange.stageVariables,
    requestContext: requestContext1(exchange, { resource, resourceId: routeKey, authorizer: undefined, identity: {} }),
  };
}

/** Throws an error when the function did not answer in the form it should. */
function verdictOf(result: unknown, isSimple: boolean): Verdict {
  if (typeof result !== "object" || result === null) throw new Error("the authorizer's answer is no object");
  const context =
    "context" in result && typeof result.context === "object" && result.context !== null ? result.context : {};
  if (isSimple) {
    if (!("isAuthorized" in result) || typeof result.isAuthorized !== "boolean")
      throw new Error("the authorizer's answer has no isAuthorized");
    return { isAuthorized: result.isAuthorized, policy: undefined, principalId: undefined, context: { ...context } };
  }
  if (!("policyDocument" in result) || typeof result.policyDocument !== "object" || result.policyDocument === null)
    throw new Error("the authorizer's answer has no policyDocument");
  return {
    isAuthorized: undefined,
    // A document in the wrong form allows nothing.
    policy: result.policyDocument as PolicyDocument,
    principalId: "principalId" in result ? String(result.principalId) : undefined,
    context: { ...context },
  };
}
