/** AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy. */
import type { Properties, ResourceContext, ResourceProvider } from "../../core/service.ts";
import { ServiceError } from "../../core/errors.ts";
import type { StoredRole } from "../../iam/roles.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import { checkSize } from "./roles.ts";
import { checkedName, checkedPath, type Store } from "./store.ts";

export function iamResources(store: Store): Record<string, ResourceProvider> {
  return {
    "AWS::IAM::Role": roleProvider(store),
    "AWS::IAM::Policy": policyProvider(store),
    "AWS::IAM::ManagedPolicy": managedPolicyProvider(store),
  };
}

const TAGS = [{ Key: true, Value: true }] as const;

function roleProvider(store: Store): ResourceProvider {
  const { cloud, roles } = store;
  const read = (properties: Properties, context: ResourceContext) => {
    const trust = documentText(properties["AssumeRolePolicyDocument"], "AssumeRolePolicyDocument");
    checkPolicyDocument(trust, "trust");
    checkSize(trust, 2048, "ACLSizePerRole");
    const boundary = text(properties["PermissionsBoundary"]);
    const attached = [...new Set(texts(properties["ManagedPolicyArns"]))];
    for (const arn of attached) store.policy(arn);
    if (boundary !== undefined) store.policy(boundary);
    return {
      trust,
      boundary,
      attached,
      description: text(properties["Description"]),
      maxSessionDuration: Number(properties["MaxSessionDuration"] ?? 3600),
      inline: inlinePolicies(properties["Policies"]),
      tags: { ...context.tags, ...tagsOf(properties["Tags"]) },
    };
  };
  const state = (role: StoredRole) => ({ physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.id } });

  return {
    known: {
      AssumeRolePolicyDocument: true,
      Description: true,
      ManagedPolicyArns: true,
      MaxSessionDuration: true,
      Path: true,
      PermissionsBoundary: true,
      Policies: [{ PolicyName: true, PolicyDocument: true }],
      RoleName: true,
      Tags: TAGS,
    },
    create(properties, context) {
      const name = checkedName("roleName", text(properties["RoleName"]) ?? context.physicalName(64), 64);
      const path = checkedPath(text(properties["Path"]));
      if (roles.has(name))
        throw new ServiceError("EntityAlreadyExistsException", `Role with name ${name} already exists.`, {
          status: 409,
        });
      const role: StoredRole = {
        name,
        path,
        arn: `arn:aws:iam::${cloud.accountId}:role${path}${name}`,
        id: store.id("AROA"),
        createdAt: cloud.clock.now(),
        ...read(properties, context),
      };
      roles.set(name, role);
      return state(role);
    },
    update(physicalId, properties, previous, context) {
      if (changed(properties, previous, ["RoleName", "Path"])) return "replace";
      const role = store.role(physicalId);
      const next = read(properties, context);
      // Policies of AWS::IAM::Policy and AWS::IAM::ManagedPolicy on this role are not the role's own: they stay.
      const owned = Object.keys(inlinePolicies(previous["Policies"]));
      const foreign = Object.entries(role.inline).filter(([name]) => !owned.includes(name));
      const attachedBefore = texts(previous["ManagedPolicyArns"]);
      const foreignArns = role.attached.filter((arn) => !attachedBefore.includes(arn));
      const updated = {
        ...role,
        ...next,
        inline: { ...Object.fromEntries(foreign), ...next.inline },
        attached: [...new Set([...foreignArns, ...next.attached])],
      };
      roles.set(physicalId, updated);
      return state(updated);
    },
    delete(physicalId) {
      roles.delete(physicalId);
    },
  };
}

/** An inline policy put on roles that other resources made. */
function policyProvider(store: Store): ResourceProvider {
  const { roles } = store;
  const put = (properties: Properties) => {
    const name = checkedName("policyName", text(properties["PolicyName"]));
    const document = documentText(properties["PolicyDocument"], "PolicyDocument");
    checkPolicyDocument(document, "identity");
    for (const roleName of rolesNamed(properties)) {
      const role = store.role(roleName);
      roles.set(role.name, { ...role, inline: { ...role.inline, [name]: document } });
    }
    return name;
  };
  const remove = (properties: Properties, keep: readonly string[] = []) => {
    const name = text(properties["PolicyName"]) ?? "";
    for (const roleName of rolesNamed(properties)) {
      const role = roles.get(roleName);
      if (role === undefined || keep.includes(roleName)) continue;
      const { [name]: _removed, ...inline } = role.inline;
      roles.set(roleName, { ...role, inline });
    }
  };
  return {
    known: { PolicyName: true, PolicyDocument: true, Roles: true },
    create: (properties, context) => {
      put(properties);
      // The physical id tells policies of one name apart; Ref answers it.
      return { physicalId: context.physicalName(128), attributes: {} };
    },
    update(physicalId, properties, previous) {
      if (changed(properties, previous, ["PolicyName"])) return "replace";
      put(properties);
      remove(previous, rolesNamed(properties));
      return { physicalId };
    },
    delete: (_physicalId, properties) => remove(properties),
  };
}

function managedPolicyProvider(store: Store): ResourceProvider {
  const { cloud, policies, roles } = store;
  const attach = (arn: string, names: readonly string[]) => {
    for (const name of names) {
      const role = store.role(name);
      if (!role.attached.includes(arn)) roles.set(name, { ...role, attached: [...role.attached, arn] });
    }
  };
  const detach = (arn: string, names: readonly string[]) => {
    for (const name of names) {
      const role = roles.get(name);
      if (role) roles.set(name, { ...role, attached: role.attached.filter((attached) => attached !== arn) });
    }
  };
  const document = (properties: Properties) => {
    const json = documentText(properties["PolicyDocument"], "PolicyDocument");
    checkPolicyDocument(json, "identity");
    checkSize(json, 6144, "PolicySize");
    return json;
  };
  const state = (arn: string) => ({
    physicalId: arn,
    attributes: { PolicyArn: arn, PolicyId: policies.get(arn)?.id ?? "" },
  });

  return {
    known: { ManagedPolicyName: true, PolicyDocument: true, Description: true, Path: true, Roles: true, Tags: TAGS },
    create(properties, context) {
      const name = checkedName("policyName", text(properties["ManagedPolicyName"]) ?? context.physicalName(128));
      const path = checkedPath(text(properties["Path"]));
      const arn = `arn:aws:iam::${cloud.accountId}:policy${path}${name}`;
      if (policies.has(arn))
        throw new ServiceError(
          "EntityAlreadyExistsException",
          `A policy called ${name} already exists. Duplicate names are not allowed.`,
          { status: 409 },
        );
      const now = cloud.clock.now();
      policies.set(arn, {
        name,
        path,
        arn,
        id: store.id("ANPA"),
        createdAt: now,
        updatedAt: now,
        description: text(properties["Description"]),
        versions: [{ id: "v1", document: document(properties), createdAt: now }],
        defaultVersion: "v1",
        tags: { ...tagsOf(properties["Tags"]) },
      });
      attach(arn, rolesNamed(properties));
      return state(arn);
    },
    update(physicalId, properties, previous) {
      if (changed(properties, previous, ["ManagedPolicyName", "Path", "Description"])) return "replace";
      const policy = store.policy(physicalId);
      const id = `v${Math.max(...policy.versions.map((version) => Number(version.id.slice(1)))) + 1}`;
      const now = cloud.clock.now();
      // CloudFormation keeps one version: it makes the new one and deletes the old.
      const versions = [{ id, document: document(properties), createdAt: now }];
      policies.set(physicalId, {
        ...policy,
        updatedAt: now,
        versions,
        defaultVersion: id,
        tags: tagsOf(properties["Tags"]),
      });
      detach(
        physicalId,
        rolesNamed(previous).filter((name) => !rolesNamed(properties).includes(name)),
      );
      attach(physicalId, rolesNamed(properties));
      return state(physicalId);
    },
    delete(physicalId, properties) {
      detach(physicalId, rolesNamed(properties));
      policies.delete(physicalId);
    },
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
const rolesNamed = (properties: Properties): readonly string[] => texts(properties["Roles"]);

const changed = (next: Properties, previous: Properties, names: readonly string[]): boolean =>
  names.some((name) => JSON.stringify(next[name]) !== JSON.stringify(previous[name]));

/** Templates hold documents as objects or as JSON text. */
function documentText(value: unknown, property: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null)
    return JSON.stringify(value, (key, inner: unknown) =>
      key === "Version" && inner instanceof Date ? inner.toISOString().slice(0, 10) : inner,
    );
  throw new ServiceError("ValidationError", `Property ${property} is required`);
}

function inlinePolicies(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(
    value.map((item: unknown) => {
      const policy = typeof item === "object" && item !== null ? item : {};
      const name = checkedName("policyName", "PolicyName" in policy ? text(policy.PolicyName) : undefined);
      const document = documentText("PolicyDocument" in policy ? policy.PolicyDocument : undefined, "PolicyDocument");
      checkPolicyDocument(document, "identity");
      return [name, document];
    }),
  );
}

function tagsOf(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) return {};
  return Object.fromEntries(
    value.flatMap((tag: unknown) =>
      typeof tag === "object" && tag !== null && "Key" in tag && "Value" in tag
        ? [[String(tag.Key), String(tag.Value)]]
        : [],
    ),
  );
}
