/** Whether a statement of a resource policy speaks of a caller (AWS JSON policy elements: Principal, NotPrincipal). */
import type { Principal } from "../core/principal.ts";
import { sessionArn } from "./context.ts";
import type { CompiledStatement, PrincipalList } from "./policy.ts";

/**
 * How a statement names the caller. It decides how far an Allow reaches: naming the session passes by boundaries and session
 * policies, naming the role does not, and naming the account only leaves the decision to identity policies
 * (Policy evaluation logic for requests within a single account).
 */
export type Naming = "session" | "role" | "account" | "service" | "everyone";

export function naming(statement: CompiledStatement, principal: Principal, accountId: string): Naming | undefined {
  if (statement.principals === undefined) return undefined;
  if (statement.principalsAreExceptions)
    return isExcepted(statement.principals, principal, accountId) ? undefined : "everyone";
  return listed(statement.principals, principal, accountId);
}

function listed(principals: PrincipalList, principal: Principal, accountId: string): Naming | undefined {
  if (principals === "everyone") return "everyone";
  if (principal.kind === "service") return principals["Service"]?.includes(principal.service) ? "service" : undefined;
  if (principal.kind === "anonymous") return undefined;
  const names = principals["AWS"] ?? [];
  if (principal.kind === "role") {
    if (names.includes(sessionArn(principal))) return "session";
    if (names.includes(principal.roleArn)) return "role";
  }
  return namesAccount(names, accountId) ? "account" : undefined;
}

const namesAccount = (names: readonly string[], accountId: string): boolean =>
  names.includes(accountId) || names.includes(`arn:aws:iam::${accountId}:root`);

// A session is excepted only when the session, its role and its account are all listed: leaving one out denies it.
function isExcepted(principals: PrincipalList, principal: Principal, accountId: string): boolean {
  if (principals === "everyone") return true;
  if (principal.kind === "service") return principals["Service"]?.includes(principal.service) ?? false;
  if (principal.kind === "anonymous") return false;
  const names = principals["AWS"] ?? [];
  if (!namesAccount(names, accountId)) return false;
  return principal.kind === "account" || (names.includes(principal.roleArn) && names.includes(sessionArn(principal)));
}
