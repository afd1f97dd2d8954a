/** The account's own managed policies, and AWS's to read. */
import type * as SDK from "@aws-sdk/client-iam";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { AWS_MANAGED_POLICIES } from "../../iam/aws-managed-policies.ts";
import type { StoredManagedPolicy } from "../../iam/roles.ts";
import { Constraints } from "../constraints.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import { byName, checkSize, hasNameInAnyCase } from "./roles.ts";
import {
  checkedName,
  checkedPath,
  encodeDocument,
  type Iam,
  noSuchEntity,
  page,
  type Store,
  tagList,
  tagRecord,
} from "./store.ts";

const SIZE_LIMIT = 6144;
const MOST_VERSIONS = 5;

export function managedPolicyHandlers(store: Store): Handlers<Iam> {
  const { cloud, policies, roles } = store;
  const attachments = (arn: string) => [...roles.values()].filter(({ attached }) => attached.includes(arn)).length;
  const boundaries = (arn: string) => [...roles.values()].filter(({ boundary }) => boundary === arn).length;
  const view = (policy: StoredManagedPolicy): SDK.Policy => ({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(policy.arn),
    PermissionsBoundaryUsageCount: boundaries(policy.arn),
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
    ...(policy.description !== undefined && { Description: policy.description }),
    ...(Object.keys(policy.tags).length > 0 && { Tags: tagList(policy.tags) }),
  });
  const ownPolicy = (arn: string | undefined): StoredManagedPolicy =>
    policies.get(arn ?? "") ?? noSuchEntity(`Policy ${arn} was not found.`);
  const versionView = (policy: StoredManagedPolicy, id: string | undefined): SDK.PolicyVersion => {
    const version = policy.versions.find((known) => known.id === id);
    if (version === undefined)
      return noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
    return {
      VersionId: version.id,
      IsDefaultVersion: version.id === policy.defaultVersion,
      CreateDate: new Date(version.createdAt),
    };
  };

  return {
    CreatePolicy(input) {
      const name = checkedName("policyName", input.PolicyName);
      const path = checkedPath(input.Path);
      const document = checkedDocument(input.PolicyDocument);
      if (
        hasNameInAnyCase(
          [...policies.values()].map((policy) => policy.name),
          name,
        )
      ) {
        throw new ServiceError(
          "EntityAlreadyExistsException",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
          { status: 409 },
        );
      }
      const now = cloud.clock.now();
      const policy: StoredManagedPolicy = {
        name,
        path,
        arn: `arn:aws:iam::${cloud.accountId}:policy${path}${name}`,
        id: store.id("ANPA"),
        createdAt: now,
        updatedAt: now,
        description: input.Description,
        versions: [{ id: "v1", document, createdAt: now }],
        defaultVersion: "v1",
        tags: tagRecord(input.Tags),
      };
      policies.set(policy.arn, policy);
      return { Policy: view(policy) };
    },

    CreatePolicyVersion(input) {
      const policy = ownPolicy(input.PolicyArn);
      const document = checkedDocument(input.PolicyDocument);
      if (policy.versions.length >= MOST_VERSIONS) {
        throw new ServiceError(
          "LimitExceededException",
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
          { status: 409 },
        );
      }
      const id = `v${Math.max(...policy.versions.map((version) => Number(version.id.slice(1)))) + 1}`;
      const now = cloud.clock.now();
      const changed = {
        ...policy,
        updatedAt: now,
        versions: [...policy.versions, { id, document, createdAt: now }],
        defaultVersion: input.SetAsDefault ? id : policy.defaultVersion,
      };
      policies.set(policy.arn, changed);
      return { PolicyVersion: versionView(changed, id) };
    },

    DeletePolicyVersion(input) {
      const policy = ownPolicy(input.PolicyArn);
      if (versionView(policy, input.VersionId).IsDefaultVersion) {
        throw new ServiceError("DeleteConflictException", "Cannot delete the default version of a policy.", {
          status: 409,
        });
      }
      policies.set(policy.arn, { ...policy, versions: policy.versions.filter(({ id }) => id !== input.VersionId) });
      return {};
    },

    GetPolicy: (input) => ({ Policy: view(store.policy(input.PolicyArn)) }),

    GetPolicyVersion(input) {
      const policy = store.policy(input.PolicyArn);
      const known = versionView(policy, input.VersionId);
      const document = policy.versions.find(({ id }) => id === input.VersionId)?.document ?? "";
      return { PolicyVersion: { ...known, Document: encodeDocument(document) } };
    },

    ListPolicyVersions(input) {
      const policy = store.policy(input.PolicyArn);
      const { items, rest } = page(policy.versions.toReversed(), input);
      return { Versions: items.map(({ id }) => versionView(policy, id)), ...rest };
    },

    ListPolicies(input) {
      new Constraints("ValidationError").text("scope", input.Scope, { oneOf: ["All", "AWS", "Local"] }).check();
      const own = input.Scope === "AWS" ? [] : [...policies.values()];
      const aws = input.Scope === "Local" ? [] : [...AWS_MANAGED_POLICIES.values()];
      const found = [...own, ...aws]
        .filter(
          ({ path, arn }) => path.startsWith(input.PathPrefix ?? "/") && (!input.OnlyAttached || attachments(arn) > 0),
        )
        .sort(byName);
      const { items, rest } = page(found, input);
      return { Policies: items.map(view), ...rest };
    },

    DeletePolicy(input) {
      const policy = ownPolicy(input.PolicyArn);
      const refuse = (message: string) => new ServiceError("DeleteConflictException", message, { status: 409 });
      if (attachments(policy.arn) + boundaries(policy.arn) > 0)
        throw refuse("Cannot delete a policy attached to entities.");
      if (policy.versions.length > 1)
        throw refuse(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      policies.delete(policy.arn);
      return {};
    },
  };
}

function checkedDocument(document: string | undefined): string {
  new Constraints("ValidationError").text("policyDocument", document, { required: true, min: 1, max: 131_072 }).check();
  checkPolicyDocument(document ?? "", "identity");
  checkSize(document ?? "", SIZE_LIMIT, "PolicySize");
  return document ?? "";
}
