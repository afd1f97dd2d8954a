/** Identity and access: what roles may do, who a key belongs to, and which grants were never needed. */
import type { Clock } from "../core/clock.ts";
import type { Credentials, Iam } from "../core/cloud.ts";
import type { Permission, PolicyDocument, Principal } from "../core/principal.ts";
import type { Storage } from "../core/storage.ts";
import { AWS_MANAGED_POLICIES } from "./aws-managed-policies.ts";
import { type Caller, contextOf, type Session } from "./context.ts";
import { createCredentialing } from "./credentials.ts";
import { decide, type Decision, type Grant, type NamedPolicy, resourceVerdict } from "./decide.ts";
import { denial } from "./denial.ts";
import { compileDocument, type CompiledPolicy, compileText } from "./policy.ts";
import { managedPoliciesOf, roleName, rolesOf, type StoredRole } from "./roles.ts";
import { createUsage, type UnusedGrant } from "./usage.ts";

export type { UnusedGrant } from "./usage.ts";
export type { Session } from "./context.ts";

export interface IamOptions {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly uuid: () => string;
}

/** What the local cloud's own parts ask beyond the contract. */
export interface LocalIam extends Iam {
  issue(roleArn: string, sessionName: string, durationSeconds?: number, session?: Session): Credentials;
  /** The decision without its consequences: nothing is recorded, nothing thrown. */
  evaluate(principal: Principal, permission: Permission, resourcePolicy: PolicyDocument | undefined): Decision;
  /** Whether a role's trust policy lets somebody do this (`sts:AssumeRole`) with it. False when there is no such role. */
  trusts(roleArn: string, principal: Principal, action?: string, context?: Permission["context"]): boolean;
  /** What roles were granted and never used, in the order of roles, policies and statements. */
  unusedGrants(): readonly UnusedGrant[];
  /** From now on nothing counts as used. */
  forgetUses(): void;
  /** Takes an action (or pattern), or one grant of one statement, from a role until the returned function is called. */
  withhold(roleArn: string, what: string | Grant): () => void;
}

export function createIam(options: IamOptions): LocalIam {
  const { accountId, storage } = options;
  const roles = rolesOf(storage);
  const managed = managedPoliciesOf(storage);
  const around = { accountId, region: options.region, now: () => options.clock.now() };
  const credentialing = createCredentialing(options);
  const usage = createUsage();

  const managedDocument = (arn: string): CompiledPolicy => {
    const policy = managed.get(arn) ?? AWS_MANAGED_POLICIES.get(arn);
    const version = policy?.versions.find(({ id }) => id === policy.defaultVersion);
    return version ? compileText(version.document) : [];
  };

  const inlineOf = rememberByIdentity((role: StoredRole): readonly NamedPolicy[] =>
    Object.entries(role.inline).map(([name, document]) => ({ name, statements: compileText(document) })),
  );
  const identityOf = (role: StoredRole | undefined): readonly NamedPolicy[] => {
    if (role === undefined) return [];
    if (role.attached.length === 0) return inlineOf(role);
    return [...inlineOf(role), ...role.attached.map((arn) => ({ name: arn, statements: managedDocument(arn) }))];
  };

  const sessionPolicy = rememberByIdentity((session: Session): CompiledPolicy | undefined => {
    if (session.policies.length + session.policyArns.length === 0) return undefined;
    return [...session.policies.flatMap(compileText), ...session.policyArns.flatMap(managedDocument)];
  });

  // Trust policies are validated where they enter (services/iam).
  const trustDocument = rememberByIdentity((role: StoredRole) => JSON.parse(role.trust) as PolicyDocument);
  const callingRole = (principal: Principal) =>
    principal.kind === "role" ? roles.get(roleName(principal.roleArn)) : undefined;

  const evaluate = (
    principal: Caller,
    permission: Permission,
    resourcePolicy: PolicyDocument | undefined,
  ): Decision => {
    const role = callingRole(principal);
    return decide({
      principal,
      accountId,
      permission,
      lookup: contextOf(principal, role, permission, around),
      identity: identityOf(role),
      boundary: role?.boundary === undefined ? undefined : managedDocument(role.boundary),
      session: principal.session && sessionPolicy(principal.session),
      resource: resourcePolicy && compileDocument(resourcePolicy),
      isWithheld: (grant) => principal.kind === "role" && usage.isWithheld(principal.roleArn, grant, permission.action),
    });
  };

  return {
    evaluate,
    issue: credentialing.issue,
    principalOf: credentialing.principalOf,
    withhold: usage.withhold,
    forgetUses: usage.forget,
    authorize(principal, permission, resourcePolicy) {
      const decision = evaluate(principal, permission, resourcePolicy);
      if (!decision.allowed) throw denial(principal, permission, decision, accountId);
      if (decision.grant && principal.kind === "role") usage.used(principal.roleArn, decision.grant);
    },
    trusts(roleArn, principal, action = "sts:AssumeRole", context) {
      const role = roles.get(roleName(roleArn));
      if (role === undefined || role.arn !== roleArn) return false;
      const permission: Permission = { action, resource: roleArn, ...(context && { context }) };
      const trust = trustDocument(role);
      const lookup = contextOf(principal, callingRole(principal), permission, around);
      // The trust policy must speak of the caller by itself: identity policies alone never open a role.
      const verdict = resourceVerdict({ resource: compileDocument(trust), principal, accountId, permission, lookup });
      if (verdict === undefined || verdict === "deny") return false;
      const decision = evaluate(principal, permission, trust);
      if (decision.allowed && decision.grant && principal.kind === "role")
        usage.used(principal.roleArn, decision.grant);
      return decision.allowed;
    },
    unusedGrants() {
      return [...roles.values()].flatMap((role) =>
        identityOf(role).flatMap(({ name, statements }) =>
          statements
            .filter(({ effect }) => effect === "Allow")
            .flatMap((statement) => {
              const names = statement.actions.map(({ source }) => source);
              const actions = statement.actionsAreExceptions ? [`not ${names.join(", ")}`] : names;
              return actions.map((action) => ({ role: role.arn, policy: name, statement: statement.label, action }));
            })
            .filter((grant) => !usage.isUsed(role.arn, grant)),
        ),
      );
    },
  };
}

function rememberByIdentity<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const entry = known.get(key) ?? { value: make(key) };
    known.set(key, entry);
    return entry.value;
  };
}

/** The cloud's Iam with what only its own parts ask. Throws when it was not made here. */
export function localIam(iam: Iam): LocalIam {
  if (!("trusts" in iam)) throw new TypeError("this Iam was not made by createIam");
  // createIam is the only maker of objects with `trusts`.
  return iam as LocalIam;
}
