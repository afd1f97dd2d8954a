/** A role with given policies, for the tests of evaluation. */
import { asRole, type Permission, type PolicyDocument, type Statement } from "../core/principal.ts";
import { openStorage } from "../storage/index.ts";
import { createIam } from "./index.ts";
import { managedPoliciesOf, rolesOf, type StoredRole } from "./roles.ts";

export const account = "123456789012";
export const arn = `arn:aws:iam::${account}:role/app/Worker`;
export const worker = asRole(arn, "fn");
export const object = "arn:aws:s3:::photos/cat.jpg";
export const read: Permission = { action: "s3:GetObject", resource: object };

export const allow = (
  action: string | string[],
  resource: string | string[] = "*",
  rest: Partial<Statement> = {},
): Statement => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...rest,
});
export const deny = (action: string, resource = "*", rest: Partial<Statement> = {}): Statement => ({
  ...allow(action, resource, rest),
  Effect: "Deny",
});
export const policy = (...statements: Statement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements,
});

export function cloudWith(role: {
  inline?: Statement[];
  attached?: string[];
  boundary?: Statement[];
  tags?: Record<string, string>;
  trust?: Statement[];
}) {
  const storage = openStorage();
  const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5) };
  let serial = 0;
  // Only now() of the clock is asked for here.
  const iam = createIam({
    accountId: account,
    region: "eu-west-1",
    clock: clock as never,
    storage,
    uuid: () => `id-${serial++}`,
  });
  const boundary = `arn:aws:iam::${account}:policy/Boundary`;
  const base = { path: "/", id: "X", createdAt: 0, tags: role.tags ?? {} };
  if (role.boundary) {
    managedPoliciesOf(storage).set(boundary, {
      ...base,
      name: "Boundary",
      arn: boundary,
      updatedAt: 0,
      versions: [{ id: "v1", document: JSON.stringify(policy(...role.boundary)), createdAt: 0 }],
      defaultVersion: "v1",
    });
  }
  const stored: StoredRole = {
    ...base,
    name: "Worker",
    path: "/app/",
    arn,
    id: "AROAWORKER",
    maxSessionDuration: 3600,
    trust: JSON.stringify(policy(...(role.trust ?? []))),
    inline: role.inline ? { main: JSON.stringify(policy(...role.inline)) } : {},
    attached: role.attached ?? [],
    ...(role.boundary && { boundary }),
  };
  rolesOf(storage).set("Worker", stored);
  return iam;
}

export const may = (
  iam: ReturnType<typeof cloudWith>,
  permission: Permission = read,
  resource?: PolicyDocument,
  who = worker as Parameters<typeof iam.authorize>[0],
) => iam.evaluate(who, permission, resource).allowed;
