/** AWS Secrets Manager. */
import * as sdk from "@aws-sdk/client-secrets-manager";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission, PolicyDocument } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { secretResources } from "./resources.ts";
import { Rotations } from "./rotate-secret.ts";
import { secretHandlers } from "./secrets.ts";
import { SecretStore } from "./store.ts";
import { valueHandlers } from "./values.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const store = new SecretStore(cloud);
  const rotations = new Rotations(store);
  return {
    sdk,
    handlers: { ...secretHandlers(store), ...valueHandlers(store), ...rotations.handlers() },
    permissions: (operation, input) => [permission(store, operation, input)],
    resourcePolicy(arn) {
      const policy = store.lookUp(arn)?.policy;
      // It was checked to be JSON when it was put; statements that make no sense allow nothing.
      return policy === undefined ? undefined : (JSON.parse(policy) as PolicyDocument);
    },
    resources: secretResources(store),
    resume: () => rotations.resume(),
  };
}

function permission(store: SecretStore, operation: string, input: Readonly<Record<string, unknown>>): Permission {
  const action = `secretsmanager:${operation}`;
  const id = input["SecretId"] ?? input["Name"];
  if (typeof id !== "string" || operation === "ListSecrets") return { action, resource: "*" };
  const secret = store.lookUp(id);
  const stage = input["VersionStage"];
  const context = {
    ...(secret &&
      Object.fromEntries(Object.entries(secret.tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]))),
    ...(typeof stage === "string" && { "secretsmanager:VersionStage": stage }),
  };
  const resource = secret?.arn ?? (id.startsWith("arn:") ? id : store.cloud.arn("secretsmanager", `secret:${id}`));
  return { action, resource, context };
}
