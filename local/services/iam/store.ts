/** Roles and managed policies as the operations work on them. */
import type * as SDK from "@aws-sdk/client-iam";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { AWS_MANAGED_POLICIES } from "../../iam/aws-managed-policies.ts";
import { base32 } from "../../iam/credentials.ts";
import { managedPoliciesOf, rolesOf, type StoredManagedPolicy, type StoredRole } from "../../iam/roles.ts";
import { Constraints } from "../constraints.ts";

export type Iam = typeof SDK;

export interface Store {
  readonly cloud: Cloud;
  readonly roles: ReturnType<typeof rolesOf>;
  readonly policies: ReturnType<typeof managedPoliciesOf>;
  /** `AROA` or `ANPA` and 17 characters. */
  id(prefix: string): string;
  /** Throws NoSuchEntityException. */
  role(name: string | undefined): StoredRole;
  /** The account's own or an AWS managed policy. Throws NoSuchEntityException. */
  policy(arn: string | undefined): StoredManagedPolicy;
}

export function createStore(cloud: Cloud): Store {
  const roles = rolesOf(cloud.storage);
  const policies = managedPoliciesOf(cloud.storage);
  return {
    cloud,
    roles,
    policies,
    id: (prefix) => `${prefix}${base32(cloud.uuid()).slice(0, 17)}`,
    role(name) {
      const role = roles.get(checkedName("roleName", name, 64));
      return role ?? noSuchEntity(`The role with name ${name} cannot be found.`);
    },
    policy(arn) {
      const policy = policies.get(arn ?? "") ?? AWS_MANAGED_POLICIES.get(arn ?? "");
      return policy ?? noSuchEntity(`Policy ${arn} was not found.`);
    },
  };
}

/** Throws ValidationError unless the name is there and well formed. */
export function checkedName(member: string, name: string | undefined, max = 128): string {
  new Constraints("ValidationError")
    .text(member, name, { required: true, min: 1, max, pattern: /^[\w+=,.@-]+$/, patternText: "[\\w+=,.@-]+" })
    .check();
  return name ?? "";
}

export function checkedPath(path: string | undefined): string {
  new Constraints("ValidationError")
    .text("path", path, {
      min: 1,
      max: 512,
      pattern: /^(\/)$|^(\/[\u0021-\u007E]*\/)$/,
      patternText: "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
    })
    .check();
  return path ?? "/";
}

export function noSuchEntity(message: string): never {
  throw new ServiceError("NoSuchEntityException", message, { status: 404 });
}

export function roleView(role: StoredRole): SDK.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    MaxSessionDuration: role.maxSessionDuration,
    ...(role.description !== undefined && { Description: role.description }),
    ...(role.boundary !== undefined && {
      PermissionsBoundary: {
        PermissionsBoundaryType: "PermissionsBoundaryPolicy" as const,
        PermissionsBoundaryArn: role.boundary,
      },
    }),
    ...(Object.keys(role.tags).length > 0 && { Tags: tagList(role.tags) }),
  };
}

/** Documents are answered URL-encoded (RFC 3986), which leaves no character of the set `!'()*` as it is. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export const tagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function tagRecord(tags: readonly SDK.Tag[] | undefined): Record<string, string> {
  if ((tags?.length ?? 0) > 50)
    throw new ServiceError("LimitExceededException", "Cannot exceed quota for TagsPerRole: 50", { status: 409 });
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** One page of a list; markers are opaque to callers. Throws ValidationError for a marker that is none of ours. */
export function page<T>(items: readonly T[], input: { Marker?: string | undefined; MaxItems?: number | undefined }) {
  new Constraints("ValidationError").number("maxItems", input.MaxItems, { min: 1, max: 1000 }).check();
  const start = input.Marker === undefined ? 0 : Number(Buffer.from(input.Marker, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) throw new ServiceError("ValidationError", "Invalid Marker.");
  const end = start + (input.MaxItems ?? 100);
  const isTruncated = end < items.length;
  return {
    items: items.slice(start, end),
    rest: { IsTruncated: isTruncated, ...(isTruncated && { Marker: Buffer.from(String(end)).toString("base64url") }) },
  };
}
