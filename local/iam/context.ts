/** The condition keys of a call (AWS global condition context keys). */
import type { Permission, Principal } from "../core/principal.ts";
import type { Lookup } from "./pattern.ts";
import type { StoredRole } from "./roles.ts";

export interface Surroundings {
  readonly accountId: string;
  readonly region: string;
  /** Epoch ms. */
  now(): number;
}

/** A session that AssumeRole narrowed or tagged. It travels with the principal, as session tokens do. */
export interface Session {
  /** Session policies, as JSON text. */
  readonly policies: readonly string[];
  /** ARNs of managed policies passed as session policies. */
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export type Caller = Principal & { readonly session?: Session };

/** The caller as messages and `GetCallerIdentity` name it. */
export function callerArn(principal: Principal, accountId: string): string {
  if (principal.kind === "account") return `arn:aws:iam::${accountId}:root`;
  if (principal.kind === "service") return principal.service;
  if (principal.kind === "anonymous") return "anonymous";
  return sessionArn(principal);
}

/** `arn:aws:iam::1:role/path/Name` → `arn:aws:sts::1:assumed-role/Name/session`: session ARNs have no path. */
export function sessionArn(principal: { readonly roleArn: string; readonly sessionName: string }): string {
  const [, , , , account = ""] = principal.roleArn.split(":");
  return `arn:aws:sts::${account}:assumed-role/${principal.roleArn.slice(principal.roleArn.lastIndexOf("/") + 1)}/${principal.sessionName}`;
}

// SNS's first policy allows the owner by AWS:SourceOwner; only these services send it
// (Amazon SNS: which AWS services need a statement of their own).
const SENDS_SOURCE_OWNER = new Set(["cloudwatch.amazonaws.com", "rds.amazonaws.com", "events.rds.amazonaws.com"]);

/** Looks keys up, in any case, without working out those that no policy asks for. */
export function contextOf(
  principal: Caller,
  role: StoredRole | undefined,
  permission: Permission,
  around: Surroundings,
): Lookup {
  return (key) => {
    const given = own(permission.context, key);
    if (given !== undefined) return typeof given === "string" ? [given] : given;
    const value = globalKey(key, principal, role, around);
    return value === undefined ? undefined : [value];
  };
}

function globalKey(
  key: string,
  principal: Caller,
  role: StoredRole | undefined,
  around: Surroundings,
): string | undefined {
  switch (key) {
    case "aws:securetransport":
      // Loopback stands for TLS: policies that insist on it are written for the network between caller and AWS.
      return "true";
    case "aws:currenttime":
      return new Date(around.now()).toISOString().replace(/\.\d{3}Z$/, "Z");
    case "aws:epochtime":
      return String(Math.floor(around.now() / 1000));
    case "aws:requestedregion":
      return around.region;
    case "aws:resourceaccount":
      return around.accountId;
    case "aws:viaawsservice":
      return "false";
    case "aws:principalisawsservice":
      return String(principal.kind === "service");
    default:
      return key.startsWith("aws:principaltag/")
        ? principalTag(key.slice(17), principal, role)
        : principalKey(key, principal, role, around);
  }
}

function principalKey(
  key: string,
  principal: Caller,
  role: StoredRole | undefined,
  around: Surroundings,
): string | undefined {
  if (principal.kind === "service") return serviceKey(key, principal, around);
  if (key === "aws:sourceip") return "127.0.0.1";
  if (key === "aws:principaltype") {
    return principal.kind === "role" ? "AssumedRole" : principal.kind === "account" ? "Account" : "Anonymous";
  }
  if (principal.kind === "anonymous") return undefined;
  switch (key) {
    case "aws:principalarn":
      return principal.kind === "role" ? principal.roleArn : callerArn(principal, around.accountId);
    case "aws:principalaccount":
    case "aws:sourceowner":
      return around.accountId;
    case "aws:userid":
      return principal.kind === "role" ? `${role?.id ?? "AROA"}:${principal.sessionName}` : around.accountId;
    default:
      // aws:username is absent on purpose: sessions of roles have none.
      return undefined;
  }
}

function serviceKey(key: string, principal: Principal & { kind: "service" }, around: Surroundings): string | undefined {
  switch (key) {
    case "aws:sourcearn":
      return principal.sourceArn;
    case "aws:sourceaccount":
      return around.accountId;
    case "aws:sourceowner":
      return SENDS_SOURCE_OWNER.has(principal.service) ? around.accountId : undefined;
    case "aws:principalservicename":
      return principal.service;
    default:
      return undefined;
  }
}

function principalTag(name: string, principal: Caller, role: StoredRole | undefined): string | undefined {
  if (principal.kind !== "role") return undefined;
  // Session tags win over the role's (Passing session tags in AWS STS).
  return own(principal.session?.tags, name) ?? own(role?.tags, name);
}

function own<V>(values: Readonly<Record<string, V>> | undefined, lowerCaseKey: string): V | undefined {
  if (values === undefined) return undefined;
  for (const name of Object.keys(values)) if (name.toLowerCase() === lowerCaseKey) return values[name];
  return undefined;
}
