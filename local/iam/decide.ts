/** May this caller do this? (Policy evaluation logic for requests within a single account) */
import type { Permission } from "../core/principal.ts";
import type { Caller } from "./context.ts";
import type { Lookup } from "./pattern.ts";
import {
  actionPattern,
  type CompiledPolicy,
  type CompiledStatement,
  conditionsHold,
  speaksOfResource,
} from "./policy.ts";
import { type Naming, naming } from "./principals.ts";

export type PolicyKind = "identity-based policy" | "resource-based policy" | "permissions boundary" | "session policy";

/** A policy of a role with its name in reports: an inline policy's name or a managed policy's ARN. */
export interface NamedPolicy {
  readonly name: string;
  readonly statements: CompiledPolicy;
}

export interface Grant {
  readonly policy: string;
  readonly statement: string;
  /** The pattern of the statement that fits the action, in lower case. */
  readonly action: string;
}

export type Decision =
  | { readonly allowed: true; readonly grant: Grant | undefined }
  | { readonly allowed: false; readonly explicit: boolean; readonly by: PolicyKind };

export interface Question {
  readonly principal: Caller;
  readonly accountId: string;
  readonly permission: Permission;
  readonly lookup: Lookup;
  readonly identity: readonly NamedPolicy[];
  /** Undefined: there is no boundary. Empty: there is one and it allows nothing. */
  readonly boundary: CompiledPolicy | undefined;
  /** Undefined: the session is not narrowed. */
  readonly session: CompiledPolicy | undefined;
  readonly resource: CompiledPolicy | undefined;
  /** Whether a grant of the identity policies does not count now. */
  readonly isWithheld: (grant: Grant) => boolean;
}

export function decide(question: Question): Decision {
  const { identity, boundary, session, principal } = question;
  const fits = matcher(question);

  for (const policy of identity) if (denies(policy.statements, fits)) return denied(true, "identity-based policy");
  const named = resourceVerdict(question, fits);
  if (named === "deny") return denied(true, "resource-based policy");
  if (boundary && denies(boundary, fits)) return denied(true, "permissions boundary");
  if (session && denies(session, fits)) return denied(true, "session policy");

  if (principal.kind === "account") return { allowed: true, grant: undefined };
  if (principal.kind !== "role")
    return named === undefined ? denied(false, "resource-based policy") : { allowed: true, grant: undefined };
  if (named === "session") return { allowed: true, grant: undefined };

  const grant = firstGrant(identity, fits, question.isWithheld);
  // Naming only the account leaves it to the identity policies.
  const allowedByResource = named === "role" || named === "everyone";
  if (grant === undefined && !allowedByResource) return denied(false, "identity-based policy");
  if (boundary && !allows(boundary, fits)) return denied(false, "permissions boundary");
  if (session && !allows(session, fits)) return denied(false, "session policy");
  return { allowed: true, grant };
}

type Fits = (statement: CompiledStatement) => string | undefined;

/** Answers the action pattern by which a statement applies; undefined when it does not apply. */
function matcher({ permission, lookup }: Pick<Question, "permission" | "lookup">): Fits {
  const action = permission.action.toLowerCase();
  return (statement) => {
    const pattern = actionPattern(statement, action);
    if (pattern === undefined || !speaksOfResource(statement, permission.resource, lookup)) return undefined;
    return conditionsHold(statement, lookup) ? pattern : undefined;
  };
}

const denies = (policy: CompiledPolicy, fits: Fits): boolean =>
  policy.some((statement) => statement.effect === "Deny" && fits(statement) !== undefined);

const allows = (policy: CompiledPolicy, fits: Fits): boolean =>
  policy.some((statement) => statement.effect === "Allow" && fits(statement) !== undefined);

function firstGrant(
  policies: readonly NamedPolicy[],
  fits: Fits,
  isWithheld: (grant: Grant) => boolean,
): Grant | undefined {
  for (const policy of policies) {
    for (const statement of policy.statements) {
      const action = statement.effect === "Allow" ? fits(statement) : undefined;
      if (action === undefined) continue;
      const grant = { policy: policy.name, statement: statement.label, action };
      if (!isWithheld(grant)) return grant;
    }
  }
  return undefined;
}

const REACH: readonly Naming[] = ["account", "everyone", "role", "session"];

/** Whether the resource's own policy speaks of the call: `deny`, or the furthest-reaching way in which an Allow names the caller. */
export function resourceVerdict(
  {
    resource,
    principal,
    accountId,
    permission,
    lookup,
  }: Pick<Question, "resource" | "principal" | "accountId" | "permission" | "lookup">,
  fits: Fits = matcher({ permission, lookup }),
): "deny" | Naming | undefined {
  let best: Naming | undefined;
  for (const statement of resource ?? []) {
    const name = naming(statement, principal, accountId);
    if (name !== undefined && fits(statement) !== undefined) {
      if (statement.effect === "Deny") return "deny";
      if (best === undefined || REACH.indexOf(name) > REACH.indexOf(best)) best = name;
    }
  }
  return best;
}

const denied = (explicit: boolean, by: PolicyKind): Decision => ({ allowed: false, explicit, by });
