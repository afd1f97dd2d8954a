/** AWS IAM: roles and their policies. Users, groups and identity providers are not here. */
import * as sdk from "@aws-sdk/client-iam";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { managedPolicyHandlers } from "./managed-policies.ts";
import { iamResources } from "./resources.ts";
import { rolePolicyHandlers } from "./role-policies.ts";
import { roleHandlers } from "./roles.ts";
import { simulationHandlers } from "./simulate-principal-policy.ts";
import { createStore, type Store } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const store = createStore(cloud);
  const handlers = {
    ...roleHandlers(store),
    ...rolePolicyHandlers(store),
    ...managedPolicyHandlers(store),
    ...simulationHandlers(store),
  };
  return {
    sdk,
    handlers,
    permissions: (operation, input) => [permission(store, operation, input)],
    resources: iamResources(store),
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function permission({ cloud, roles }: Store, operation: string, input: Readonly<Record<string, unknown>>): Permission {
  const action = `iam:${operation}`;
  const roleName = text(input["RoleName"]);
  const policyArn = text(input["PolicyArn"]);
  const boundary = text(input["PermissionsBoundary"]);
  const context = {
    ...(boundary !== undefined && { "iam:PermissionsBoundary": boundary }),
    ...(policyArn !== undefined && roleName !== undefined && { "iam:PolicyARN": policyArn }),
  };
  if (roleName !== undefined) {
    const path = text(input["Path"]) ?? "/";
    const resource = roles.get(roleName)?.arn ?? `arn:aws:iam::${cloud.accountId}:role${path}${roleName}`;
    return { action, resource, context };
  }
  if (operation === "CreatePolicy") {
    const path = text(input["Path"]) ?? "/";
    return { action, resource: `arn:aws:iam::${cloud.accountId}:policy${path}${text(input["PolicyName"]) ?? ""}` };
  }
  return { action, resource: policyArn ?? text(input["PolicySourceArn"]) ?? "*", context };
}
