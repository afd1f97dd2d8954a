/** Whether a bucket policy opens the bucket to everybody (The meaning of "public", Blocking public access). */
import type { PolicyDocument, Statement } from "../../../core/principal.ts";

/** Conditions that hold the callers to a fixed set, when their values have no wildcards. */
const LIMITING = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
]);

export const statementsOf = ({ Statement: statements }: PolicyDocument): readonly Statement[] =>
  // isArray does not narrow readonly arrays.
  Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];

export const isPublicPolicy = (policy: PolicyDocument): boolean => statementsOf(policy).some(isPublic);

function isPublic({ Effect, Principal, NotPrincipal, Condition }: Statement): boolean {
  if (Effect !== "Allow") return false;
  const isEverybody =
    NotPrincipal !== undefined ||
    Principal === "*" ||
    (typeof Principal === "object" && [Principal["AWS"]].flat().includes("*"));
  return isEverybody && !isLimited(Condition);
}

function isLimited(condition: Statement["Condition"]): boolean {
  return Object.entries(condition ?? {}).some(([operator, keys]) => {
    if (/Not|IfExists|Null/i.test(operator)) return false;
    return Object.entries(keys).some(
      ([key, values]) =>
        LIMITING.has(key.toLowerCase()) && [values].flat().every((value) => !isOpen(String(value), key.toLowerCase())),
    );
  });
}

const isOpen = (value: string, key: string): boolean =>
  key === "aws:sourceip" ? value.endsWith("/0") : /[*?]/.test(value.replace(/:\*$|\/\*$/, "")) || value === "";

/**
 * The policy while the bucket restricts public access: what it gives to everybody is given to this account only
 * (RestrictPublicBuckets).
 */
export function restricted(policy: PolicyDocument, accountId: string): PolicyDocument {
  const statements = statementsOf(policy).map((statement) => {
    if (!isPublic(statement)) return statement;
    const { NotPrincipal: _everybodyBut, ...rest } = statement;
    return { ...rest, Principal: { AWS: accountId } };
  });
  return { ...policy, Statement: statements };
}
