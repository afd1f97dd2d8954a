/** TOKEN and REQUEST authorizers ("Use API Gateway Lambda authorizers"). */
import type { Authorizer } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import type { PolicyDocument } from "../../../core/principal.ts";
import { ruling } from "../shared-serving/authorizer-policy.ts";
import { type Exchange, setContext } from "../shared-serving/context.ts";
import { eventFormat1 } from "../shared-serving/event-format-1.ts";
import { functionArnOf, invokeFunction } from "../shared-calls/invoke-function.ts";
import { decoded } from "../shared-serving/address.ts";
import type { Caller, Wanted } from "./authorize.ts";
import { Fault } from "./gateway-response.ts";
import { parameterValue } from "../integrations/parameters.ts";

interface Verdict {
  readonly policy: PolicyDocument;
  readonly principalId: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly usageKey: string | undefined;
}

const MOST_VERDICTS = 10_000;

export class LambdaAuthorizer {
  readonly #cloud: Cloud;
  readonly #verdicts = new Map<string, { readonly verdict: Verdict; readonly until: number }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Throws Fault: UNAUTHORIZED without an identity, ACCESS_DENIED by the policy, AUTHORIZER_* when the function fails. */
  async authorize(exchange: Exchange, authorizer: Authorizer, wanted: Wanted): Promise<Caller> {
    const identity = identityOf(exchange, authorizer, wanted);
    const verdict = await this.#verdict(exchange, authorizer, wanted, identity);
    const shown = { ...verdict.context, principalId: verdict.principalId };
    setContext(exchange.context, "authorizer", shown);
    const ruled = ruling(verdict.policy, wanted.arn, this.#cloud, exchange.request.sourceIp);
    if (ruled !== "allow") {
      const reason = ruled === "explicit deny" ? " with an explicit deny" : "";
      throw new Fault("ACCESS_DENIED", `User is not authorized to access this resource${reason}`);
    }
    // The function's integration gets every value as text, as policies' contexts are.
    const texts = Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, value === null ? null : String(value)]),
    );
    return { authorizer: texts, identity: {}, usageKey: verdict.usageKey };
  }

  flush(apiId: string, stage: string): void {
    for (const key of this.#verdicts.keys()) if (key.startsWith(`["${apiId}","${stage}"`)) this.#verdicts.delete(key);
  }

  async #verdict(
    exchange: Exchange,
    authorizer: Authorizer,
    wanted: Wanted,
    identity: readonly string[],
  ): Promise<Verdict> {
    const ttl = identity.length === 0 ? 0 : (authorizer.authorizerResultTtlInSeconds ?? 300);
    const now = this.#cloud.clock.now();
    const key = JSON.stringify([exchange.apiId, exchange.stage, authorizer.id, identity]);
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
    const functionArn = functionArnOf(authorizer.authorizerUri ?? "") ?? "";
    const sourceArn = this.#cloud.arn("execute-api", `${exchange.apiId}/authorizers/${authorizer.id ?? ""}`);
    const event = authorizer.type === "TOKEN" ? tokenEvent(wanted, identity) : requestEvent(exchange, wanted);
    const complain = (what: string): void =>
      this.#cloud.log.warn(`API ${exchange.apiId}, authorizer ${authorizer.name ?? ""}: ${what}`);
    const answer = await invokeFunction(this.#cloud, {
      functionArn,
      event,
      sourceArn,
      roleArn: authorizer.authorizerCredentials,
      traceHeader: exchange.traceHeader,
    }).catch((error: unknown) => {
      complain(error instanceof Error ? error.message : String(error));
      throw new Fault("AUTHORIZER_CONFIGURATION_ERROR", "Internal server error");
    });
    if (answer.failed) {
      // A function says "no" to the caller itself by throwing exactly this.
      if (/"errorMessage":\s*"Unauthorized"/.test(answer.payload)) throw new Fault("UNAUTHORIZED", "Unauthorized");
      complain(`the function failed: ${answer.payload}`);
      throw new Fault("AUTHORIZER_FAILURE", "Internal server error");
    }
    const verdict = verdictOf(answer.payload);
    if (verdict) return verdict;
    complain(`the function's answer is no policy: ${answer.payload.slice(0, 200)}`);
    throw new Fault("AUTHORIZER_CONFIGURATION_ERROR", "Internal server error");
  }
}

/** The identity sources' values. Throws Fault UNAUTHORIZED when one is missing or has the wrong form: no function is asked then. */
function identityOf(exchange: Exchange, authorizer: Authorizer, { pathParameters }: Wanted): string[] {
  const sources = (authorizer.identitySource ?? "")
    .split(",")
    .map((source) => source.trim())
    .filter((source) => source !== "");
  return sources.map((source) => {
    const value = parameterValue(source, { exchange, pathParameters });
    const pattern = authorizer.identityValidationExpression;
    if (
      value === undefined ||
      value === "" ||
      (authorizer.type === "TOKEN" && pattern && !new RegExp(`^(?:${pattern})$`).test(value))
    )
      throw new Fault("UNAUTHORIZED", "Unauthorized");
    return value;
  });
}

const tokenEvent = (wanted: Wanted, identity: readonly string[]) => ({
  type: "TOKEN",
  methodArn: wanted.arn,
  authorizationToken: identity[0] ?? "",
});

function requestEvent(exchange: Exchange, wanted: Wanted): Record<string, unknown> {
  const {
    body: _body,
    isBase64Encoded: _encoded,
    ...event
  } = eventFormat1(exchange, {
    resource: wanted.resourcePath,
    resourceId: wanted.resourceId,
    path: decoded(exchange.path),
    pathParameters: wanted.pathParameters,
    authorizer: undefined,
    identity: {},
    body: { text: null, isBase64Encoded: false },
  });
  // Authorizers get empty objects where functions get null.
  const filled = Object.entries(event).map(([name, value]) => [name, value ?? {}]);
  return { type: "REQUEST", methodArn: wanted.arn, ...Object.fromEntries(filled) };
}

function verdictOf(payload: string): Verdict | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== "object" || result === null) return undefined;
  if (!("policyDocument" in result) || typeof result.policyDocument !== "object" || result.policyDocument === null)
    return undefined;
  if (!("principalId" in result) || result.principalId === undefined) return undefined;
  const context =
    "context" in result && typeof result.context === "object" && result.context !== null ? { ...result.context } : {};
  // "You can't set a JSON object or array as a valid value of any key in the context map."
  if (Object.values(context).some((value) => typeof value === "object" && value !== null)) return undefined;
  return {
    // A document in the wrong form allows nothing.
    policy: result.policyDocument as PolicyDocument,
    principalId: String(result.principalId),
    context,
    usageKey:
      "usageIdentifierKey" in result && result.usageIdentifierKey ? String(result.usageIdentifierKey) : undefined,
  };
}
