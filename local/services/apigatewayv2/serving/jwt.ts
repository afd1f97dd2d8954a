/** JWT authorizers ("Control access to HTTP APIs with JWT authorizers"): signature by the issuer's keys, then the claims. */
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import type { Authorizer, Route } from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../../core/cloud.ts";
import { type Exchange, setContext } from "../../apigateway/shared-serving/context.ts";
import { exchangeHttp } from "../../apigateway/shared-calls/loopback.ts";
import type { Caller } from "./authorize.ts";
import { evaluate } from "./parameter-mapping.ts";
import { forbidden, unauthorized } from "./problem.ts";

type Claims = Readonly<Record<string, unknown>>;

/** "API Gateway can cache the public key for two hours." */
const KEYS_KEPT_MS = 2 * 3_600_000;

export class JwtAuthorizer {
  readonly #cloud: Cloud;
  readonly #keys = new Map<string, { readonly keys: ReadonlyMap<string, KeyObject>; readonly until: number }>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  /** Throws Problem: 401 for a token that is missing or not right, 403 when it lacks the route's scopes. */
  async authorize(exchange: Exchange, authorizer: Authorizer, route: Route): Promise<Caller> {
    const source = evaluate(authorizer.IdentitySource?.[0] ?? "", { exchange, pathParameters: {} });
    const token = source?.replace(/^Bearer\s+/i, "");
    const { Issuer = "", Audience = [] } = authorizer.JwtConfiguration ?? {};
    const claims = token === undefined ? undefined : await this.#claims(token, Issuer);
    if (!claims || !this.#isCurrent(claims) || claims["iss"] !== Issuer || !isFor(claims, Audience))
      throw unauthorized();
    const scopes = scopesOf(claims);
    const wanted = route.AuthorizationScopes ?? [];
    if (wanted.length > 0 && !wanted.some((scope) => scopes.includes(scope))) throw forbidden();
    const shown = Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [
        name,
        Array.isArray(value) ? `[${value.join(" ")}]` : String(value),
      ]),
    );
    const jwt = { claims: shown, scopes: wanted.length === 0 ? null : wanted };
    setContext(exchange.context, "authorizer", jwt);
    return { format2: { jwt }, format1: jwt, identity: {} };
  }

  #isCurrent(claims: Claims): boolean {
    const now = this.#cloud.clock.now() / 1000;
    const isAfter = (name: string): boolean => claims[name] === undefined || Number(claims[name]) <= now;
    return Number(claims["exp"]) > now && isAfter("nbf") && isAfter("iat");
  }

  async #claims(token: string, issuer: string): Promise<Claims | undefined> {
    const [head = "", payload = "", signature = ""] = token.split(".");
    const header = decode(head);
    const claims = decode(payload);
    if (!header || !claims || header["alg"] !== "RS256" || typeof header["kid"] !== "string") return undefined;
    const key = (await this.#keysOf(issuer)).get(header["kid"]);
    const signed = Buffer.from(`${head}.${payload}`);
    return key && verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url")) ? claims : undefined;
  }

  async #keysOf(issuer: string): Promise<ReadonlyMap<string, KeyObject>> {
    const now = this.#cloud.clock.now();
    const known = this.#keys.get(issuer);
    if (known && known.until > now) return known.keys;
    const keys = new Map<string, KeyObject>();
    try {
      const discovery = await this.#json(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
      const set = await this.#json(String(discovery["jwks_uri"]));
      for (const jwk of Array.isArray(set["keys"]) ? (set["keys"] as readonly JsonWebKey[]) : [])
        if (typeof jwk["kid"] === "string") keys.set(jwk["kid"], createPublicKey({ key: jwk, format: "jwk" }));
      this.#keys.set(issuer, { keys, until: now + KEYS_KEPT_MS });
    } catch (error) {
      this.#cloud.log.warn(`The keys of ${issuer} could not be read: ${String(error)}`);
    }
    return keys;
  }

  async #json(url: string): Promise<Claims> {
    const answer = await exchangeHttp(this.#cloud, { url: new URL(url), method: "GET", headers: {}, body: undefined });
    const content: unknown = JSON.parse(answer.body.toString());
    return typeof content === "object" && content !== null ? { ...content } : {};
  }
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** `client_id` counts only when there is no `aud`. */
function isFor(claims: Claims, audience: readonly string[]): boolean {
  const { aud = claims["client_id"] } = claims;
  return (Array.isArray(aud) ? aud : [aud]).some((value) => audience.includes(String(value)));
}

function scopesOf(claims: Claims): readonly string[] {
  const { scope = claims["scp"] } = claims;
  return Array.isArray(scope) ? scope.map(String) : typeof scope === "string" ? scope.split(" ") : [];
}
