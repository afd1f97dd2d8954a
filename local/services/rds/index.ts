/** Amazon RDS: instances and clusters as state machines on the clock, their events, and the start after seven days. */
import * as RDS from "@aws-sdk/client-rds";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { administrationHandlers } from "./administration.ts";
import { clusterHandlers } from "./clusters.ts";
import { instanceHandlers } from "./instances.ts";
import { createLifeCycle } from "./life-cycle.ts";
import { resources } from "./resources.ts";
import { createStore, type RdsModule, type Store } from "./store.ts";

export function create(cloud: Cloud): Service<RdsModule> {
  const store = createStore(cloud);
  const life = createLifeCycle(cloud, store);
  return {
    sdk: RDS,
    handlers: {
      ...instanceHandlers(cloud, store, life),
      ...clusterHandlers(cloud, store, life),
      ...administrationHandlers(cloud, store),
    },
    permissions: (operation, input) => [
      permissionOf(cloud, store, operation, input),
      ...snapshotPermissions(cloud, operation, input),
    ],
    resources: resources(cloud),
    resume: () => life.resume(),
  };
}

/** Actions, resources, and condition keys for Amazon RDS (Service Authorization Reference): tags of the resource are condition keys. */
function permissionOf(
  cloud: Cloud,
  store: Store,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Permission {
  const text = (name: string) => (typeof input[name] === "string" ? input[name].toLowerCase() : undefined);
  const byArn = typeof input["ResourceName"] === "string" ? input["ResourceName"] : undefined;
  const instance = text("DBInstanceIdentifier");
  const cluster = text("DBClusterIdentifier");
  const subscription = typeof input["SubscriptionName"] === "string" ? input["SubscriptionName"] : undefined;
  const isCluster = operation.includes("Cluster");
  const kind = isCluster ? "cluster" : operation.includes("Subscription") ? "es" : "db";
  const name = (isCluster ? cluster : kind === "es" ? subscription : instance) ?? "*";
  const resource = byArn ?? (operation === "DescribeEvents" ? "*" : cloud.arn("rds", `${kind}:${name}`));
  const tags =
    [...store.instances.values(), ...store.clusters.values()].find(({ arn }) => arn === resource)?.tags ?? {};
  return {
    action: `rds:${operation}`,
    resource,
    context: Object.fromEntries(
      Object.entries(tags).flatMap(([key, value]) => [
        [`aws:ResourceTag/${key}`, value],
        [`rds:${isCluster ? "cluster" : "db"}-tag/${key}`, value],
      ]),
    ),
  };
}

/** Stopping with a snapshot asks for what makes the snapshot too (StopDBInstance's dependent actions, same page). */
function snapshotPermissions(
  cloud: Cloud,
  operation: string,
  { DBSnapshotIdentifier: snapshot, DBInstanceIdentifier: instance }: Readonly<Record<string, unknown>>,
): readonly Permission[] {
  if (operation !== "StopDBInstance" || typeof snapshot !== "string" || typeof instance !== "string") return [];
  const arn = cloud.arn("rds", `snapshot:${snapshot.toLowerCase()}`);
  return [
    { action: "rds:CreateDBSnapshot", resource: cloud.arn("rds", `db:${instance.toLowerCase()}`) },
    { action: "rds:CreateDBSnapshot", resource: arn },
    { action: "rds:AddTagsToResource", resource: arn },
  ];
}
