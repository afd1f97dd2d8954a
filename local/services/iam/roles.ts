/** Roles: made, read, changed and deleted. */
import type { Handlers } from "../../core/service.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredRole } from "../../iam/roles.ts";
import { Constraints } from "../constraints.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import {
  checkedName,
  checkedPath,
  type Iam,
  noSuchEntity,
  page,
  roleView,
  type Store,
  tagList,
  tagRecord,
} from "./store.ts";

export function roleHandlers(store: Store): Handlers<Iam> {
  const { cloud, roles } = store;
  const change = (role: StoredRole, changed: Partial<StoredRole>) => roles.set(role.name, { ...role, ...changed });
  const boundaryOf = (arn: string | undefined) => {
    if (arn !== undefined && !isPolicy(store, arn))
      noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
    return arn;
  };

  return {
    CreateRole(input) {
      const name = checkedName("roleName", input.RoleName, 64);
      const path = checkedPath(input.Path);
      new Constraints("ValidationError")
        .text("assumeRolePolicyDocument", input.AssumeRolePolicyDocument, { required: true, min: 1, max: 131_072 })
        .text("description", input.Description, { max: 1000 })
        .number("maxSessionDuration", input.MaxSessionDuration, { min: 3600, max: 43_200 })
        .check();
      const trust = input.AssumeRolePolicyDocument ?? "";
      checkPolicyDocument(trust, "trust");
      checkSize(trust, 2048, "ACLSizePerRole");
      if (hasNameInAnyCase(roles.keys(), name)) {
        throw new ServiceError("EntityAlreadyExistsException", `Role with name ${name} already exists.`, {
          status: 409,
        });
      }
      const role: StoredRole = {
        name,
        path,
        arn: `arn:aws:iam::${cloud.accountId}:role${path}${name}`,
        id: store.id("AROA"),
        createdAt: cloud.clock.now(),
        description: input.Description,
        maxSessionDuration: input.MaxSessionDuration ?? 3600,
        trust,
        inline: {},
        attached: [],
        boundary: boundaryOf(input.PermissionsBoundary),
        tags: tagRecord(input.Tags),
      };
      roles.set(name, role);
      return { Role: roleView(role) };
    },

    GetRole: (input) => ({ Role: roleView(store.role(input.RoleName)) }),

    ListRoles(input) {
      const prefix = input.PathPrefix ?? "/";
      const found = [...roles.values()].filter(({ path }) => path.startsWith(prefix)).sort(byName);
      const { items, rest } = page(found, input);
      // Lists leave out tags and boundaries (ListRoles).
      return { Roles: items.map((role) => roleView({ ...role, tags: {}, boundary: undefined })), ...rest };
    },

    UpdateRole(input) {
      const role = store.role(input.RoleName);
      new Constraints("ValidationError")
        .number("maxSessionDuration", input.MaxSessionDuration, { min: 3600, max: 43_200 })
        .check();
      change(role, {
        ...(input.Description !== undefined && { description: input.Description }),
        ...(input.MaxSessionDuration !== undefined && { maxSessionDuration: input.MaxSessionDuration }),
      });
      return {};
    },

    UpdateAssumeRolePolicy(input) {
      const role = store.role(input.RoleName);
      const trust = input.PolicyDocument ?? "";
      checkPolicyDocument(trust, "trust");
      checkSize(trust, 2048, "ACLSizePerRole");
      change(role, { trust });
      return {};
    },

    DeleteRole(input) {
      const role = store.role(input.RoleName);
      const refuse = (message: string) => new ServiceError("DeleteConflictException", message, { status: 409 });
      if (role.attached.length > 0) throw refuse("Cannot delete entity, must detach all policies first.");
      if (Object.keys(role.inline).length > 0) throw refuse("Cannot delete entity, must delete policies first.");
      roles.delete(role.name);
      return {};
    },

    PutRolePermissionsBoundary(input) {
      change(store.role(input.RoleName), { boundary: boundaryOf(input.PermissionsBoundary) });
      return {};
    },
    DeleteRolePermissionsBoundary(input) {
      change(store.role(input.RoleName), { boundary: undefined });
      return {};
    },

    TagRole(input) {
      const role = store.role(input.RoleName);
      change(role, { tags: tagRecord(tagList({ ...role.tags, ...tagRecord(input.Tags) })) });
      return {};
    },
    UntagRole(input) {
      const role = store.role(input.RoleName);
      const kept = Object.entries(role.tags).filter(([key]) => !input.TagKeys?.includes(key));
      change(role, { tags: Object.fromEntries(kept) });
      return {};
    },
    ListRoleTags(input) {
      const { items, rest } = page(tagList(store.role(input.RoleName).tags), input);
      return { Tags: items, ...rest };
    },
  };
}

const isPolicy = (store: Store, arn: string): boolean => {
  try {
    return store.policy(arn) !== undefined;
  } catch {
    return false;
  }
};

/** Quotas count no white space (IAM and AWS STS quotas). */
export function checkSize(document: string, limit: number, quota: string): void {
  if (document.replace(/\s/g, "").length > limit) {
    throw new ServiceError("LimitExceededException", `Cannot exceed quota for ${quota}: ${limit}`, { status: 409 });
  }
}

/** Names differ by more than case (CreateRole). */
export function hasNameInAnyCase(names: Iterable<string>, name: string): boolean {
  const wanted = name.toLowerCase();
  for (const other of names) if (other.toLowerCase() === wanted) return true;
  return false;
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;
