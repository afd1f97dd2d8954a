/** The policy document that a Lambda authorizer answers, asked about one method. */
import type { Cloud } from "../../../core/cloud.ts";
import type { PolicyDocument, Statement } from "../../../core/principal.ts";
import { localIam } from "../../../iam/index.ts";

export type Ruling = "allow" | "implicit deny" | "explicit deny";

const isList = (value: Statement | readonly Statement[]): value is readonly Statement[] => Array.isArray(value);

/** A document that cannot be read allows nothing. */
export function ruling(policy: PolicyDocument | undefined, arn: string, cloud: Cloud, sourceIp?: string): Ruling {
  if (!policy?.Statement) return "implicit deny";
  const statements = isList(policy.Statement) ? policy.Statement : [policy.Statement];
  // Such a policy speaks of nobody: it is about whoever calls.
  const open = {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({ ...statement, Principal: "*" as const })),
  };
  const context = sourceIp === undefined ? {} : { context: { "aws:SourceIp": sourceIp } };
  const permission = { action: "execute-api:Invoke", resource: arn, ...context };
  const decision = localIam(cloud.iam).evaluate({ kind: "anonymous" }, permission, open);
  if (decision.allowed) return "allow";
  return decision.explicit ? "explicit deny" : "implicit deny";
}
