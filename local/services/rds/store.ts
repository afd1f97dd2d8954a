/** DB instances, clusters, snapshots and event subscriptions. A database here is its life cycle: no engine runs. */
import type * as RDS from "@aws-sdk/client-rds";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";

export type RdsModule = typeof RDS;

export type Status =
  | "creating"
  | "backing-up"
  | "available"
  | "stopping"
  | "stopped"
  | "starting"
  | "modifying"
  | "deleting"
  | "storage-full"
  | "failed"
  | "incompatible-network"
  | "incompatible-parameters"
  | "inaccessible-encryption-credentials";

interface Resource {
  readonly id: string;
  readonly arn: string;
  readonly engine: string;
  readonly createdAt: number;
  status: Status;
  /** When the present status ends by itself, epoch ms, and what follows. */
  next?: { readonly at: number; readonly status: Status } | undefined;
  /** When AWS starts it again, epoch ms. */
  automaticRestartAt?: number | undefined;
  tags: Record<string, string>;
}

export interface Instance extends Resource {
  readonly kind: "instance";
  readonly clusterId?: string | undefined;
  readonly replicaOf?: string | undefined;
  readonly instanceClass: string;
  readonly storageGiB: number;
  readonly multiAz: boolean;
}

export interface Cluster extends Resource {
  readonly kind: "cluster";
  readonly engineMode: string;
  /** Whether the Data API may be used. */
  readonly httpEndpoint?: boolean | undefined;
  readonly databaseName?: string | undefined;
  readonly master?: { readonly username: string; readonly password: string } | undefined;
  /** Where RDS itself keeps the master user's password. */
  readonly masterSecretArn?: string | undefined;
}

export interface Snapshot {
  readonly id: string;
  readonly arn: string;
  readonly instanceId: string;
  readonly engine: string;
  readonly createdAt: number;
  status: "creating" | "available";
}

export interface Subscription {
  readonly name: string;
  readonly arn: string;
  readonly topicArn: string;
  readonly sourceType?: string | undefined;
  readonly categories: readonly string[];
  readonly sourceIds: readonly string[];
  readonly isEnabled: boolean;
  readonly createdAt: number;
}

export interface RecordedEvent {
  readonly at: number;
  readonly sourceId: string;
  readonly sourceArn: string;
  readonly sourceType: "db-instance" | "db-cluster";
  readonly categories: readonly string[];
  readonly message: string;
  readonly eventId: string;
}

export interface Store {
  readonly instances: ReturnType<typeof instancesOf>;
  readonly clusters: ReturnType<typeof clustersOf>;
  instance(id: string | undefined): Instance;
  cluster(id: string | undefined): Cluster;
  members(clusterId: string): Instance[];
  save(resource: Instance | Cluster): void;
}

const instancesOf = (cloud: Cloud) => cloud.storage.map<Instance>("rds.instances");
const clustersOf = (cloud: Cloud) => cloud.storage.map<Cluster>("rds.clusters");
export const snapshotsOf = (cloud: Cloud) => cloud.storage.map<Snapshot>("rds.snapshots");
export const subscriptionsOf = (cloud: Cloud) => cloud.storage.map<Subscription>("rds.subscriptions");
export const eventsOf = (cloud: Cloud) => cloud.storage.map<RecordedEvent>("rds.events");

/** Identifiers are kept in lower case; an ARN names the same thing. */
const idOf = (idOrArn = ""): string =>
  (idOrArn.startsWith("arn:") ? idOrArn.split(":").slice(6).join(":") : idOrArn).toLowerCase();

export function createStore(cloud: Cloud): Store {
  const instances = instancesOf(cloud);
  const clusters = clustersOf(cloud);
  return {
    instances,
    clusters,
    instance(id) {
      const found = instances.get(idOf(id));
      if (!found) throw new ServiceError("DBInstanceNotFound", `DBInstance ${idOf(id)} not found.`, { status: 404 });
      return found;
    },
    cluster(id) {
      const found = clusters.get(idOf(id));
      if (!found) throw new ServiceError("DBClusterNotFoundFault", `DBCluster ${idOf(id)} not found.`, { status: 404 });
      return found;
    },
    members: (clusterId) => [...instances.values()].filter((instance) => instance.clusterId === clusterId),
    save: (resource) =>
      resource.kind === "instance" ? instances.set(resource.id, resource) : clusters.set(resource.id, resource),
  };
}

const IDENTIFIER = /^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,62}(?<!-)$/;

export function newId(name: string, parameter: string): string {
  if (!IDENTIFIER.test(name)) {
    throw new ServiceError(
      "InvalidParameterValue",
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
  return name.toLowerCase();
}

export const tagsFrom = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> => Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
export const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
