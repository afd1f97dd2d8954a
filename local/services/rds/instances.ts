/** Operations on DB instances. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import type { LifeCycle } from "./life-cycle.ts";
import { page } from "./paging.ts";
import {
  type Instance,
  newId,
  type RdsModule,
  snapshotsOf,
  type Status,
  type Store,
  tagList,
  tagsFrom,
} from "./store.ts";

/** A stop or start asks for a status; others are refused as AWS does. */
export function requireStatus(kind: "instance" | "cluster", id: string, status: Status, wanted: Status): void {
  if (status === wanted) return;
  throw kind === "instance"
    ? new ServiceError("InvalidDBInstanceState", `Instance ${id} is not in ${wanted} state.`)
    : new ServiceError(
        "InvalidDBClusterStateFault",
        `DbCluster ${id} is in ${status} state but expected it to be one of ${wanted}.`,
      );
}

const combination = (message: string) => new ServiceError("InvalidParameterCombination", message);

export function instanceHandlers(cloud: Cloud, store: Store, life: LifeCycle): Handlers<RdsModule> {
  const shape = (instance: Instance) => ({
    DBInstanceIdentifier: instance.id,
    DBInstanceArn: instance.arn,
    DBInstanceClass: instance.instanceClass,
    DBInstanceStatus: instance.status,
    Engine: instance.engine,
    MultiAZ: instance.multiAz,
    AllocatedStorage: instance.storageGiB,
    InstanceCreateTime: new Date(instance.createdAt),
    TagList: tagList(instance.tags),
    ReadReplicaDBInstanceIdentifiers: [...store.instances.values()]
      .filter(({ replicaOf }) => replicaOf === instance.id)
      .map(({ id }) => id),
    ...(instance.clusterId === undefined ? {} : { DBClusterIdentifier: instance.clusterId }),
    ...(instance.replicaOf === undefined ? {} : { ReadReplicaSourceDBInstanceIdentifier: instance.replicaOf }),
    ...(instance.automaticRestartAt === undefined
      ? {}
      : { AutomaticRestartTime: new Date(instance.automaticRestartAt) }),
  });
  const add = (instance: Instance) => {
    if (store.instances.has(instance.id))
      throw new ServiceError("DBInstanceAlreadyExists", "DB instance already exists");
    life.enter(instance, "creating", "available");
    return { DBInstance: shape(instance) };
  };

  return {
    CreateDBInstance(input) {
      const id = newId(input.DBInstanceIdentifier ?? "", "DBInstanceIdentifier");
      if (!input.Engine)
        throw new ServiceError("InvalidParameterValue", "The parameter Engine must be provided and must not be blank.");
      const cluster = input.DBClusterIdentifier === undefined ? undefined : store.cluster(input.DBClusterIdentifier);
      return add({
        kind: "instance",
        id,
        arn: cloud.arn("rds", `db:${id}`),
        engine: input.Engine,
        createdAt: cloud.clock.now(),
        status: "creating",
        tags: tagsFrom(input.Tags),
        clusterId: cluster?.id,
        instanceClass: input.DBInstanceClass ?? "db.t4g.micro",
        storageGiB: input.AllocatedStorage ?? 20,
        multiAz: input.MultiAZ ?? false,
      });
    },
    CreateDBInstanceReadReplica(input) {
      const id = newId(input.DBInstanceIdentifier ?? "", "DBInstanceIdentifier");
      const source = store.instance(input.SourceDBInstanceIdentifier);
      return add({
        ...source,
        id,
        arn: cloud.arn("rds", `db:${id}`),
        createdAt: cloud.clock.now(),
        tags: tagsFrom(input.Tags),
        replicaOf: source.id,
        automaticRestartAt: undefined,
      });
    },
    DescribeDBInstances({ DBInstanceIdentifier, Filters = [], MaxRecords, Marker }) {
      if (DBInstanceIdentifier) return { DBInstances: [shape(store.instance(DBInstanceIdentifier))] };
      const found = [...store.instances.values()].filter((instance) =>
        Filters.every(({ Name, Values = [] }) => {
          if (Name === "db-instance-id") return Values.includes(instance.id) || Values.includes(instance.arn);
          if (Name === "db-cluster-id") return instance.clusterId !== undefined && Values.includes(instance.clusterId);
          if (Name === "engine") return Values.includes(instance.engine);
          throw new ServiceError("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
        }),
      );
      const { items, marker } = page(found, MaxRecords, Marker);
      return { DBInstances: items.map(shape), ...marker };
    },
    StopDBInstance({ DBInstanceIdentifier, DBSnapshotIdentifier }) {
      const instance = store.instance(DBInstanceIdentifier);
      if (instance.clusterId !== undefined)
        throw combination("aurora DB instances are not eligible for stopping or starting.");
      requireStatus("instance", instance.id, instance.status, "available");
      if (instance.replicaOf !== undefined || shape(instance).ReadReplicaDBInstanceIdentifiers.length > 0) {
        throw new ServiceError(
          "InvalidDBInstanceState",
          `Cannot stop or start a read replica instance or an instance with read replicas: ${instance.id}.`,
        );
      }
      if (instance.engine.startsWith("sqlserver") && instance.multiAz)
        throw combination("Cannot stop or start a SQLServer MultiAz instance");
      if (DBSnapshotIdentifier !== undefined) {
        const snapshots = snapshotsOf(cloud);
        if (snapshots.has(DBSnapshotIdentifier))
          throw new ServiceError(
            "DBSnapshotAlreadyExists",
            `Cannot create the snapshot because a snapshot with the identifier ${DBSnapshotIdentifier} already exists.`,
          );
        snapshots.set(DBSnapshotIdentifier, {
          id: DBSnapshotIdentifier,
          arn: cloud.arn("rds", `snapshot:${DBSnapshotIdentifier}`),
          instanceId: instance.id,
          engine: instance.engine,
          createdAt: cloud.clock.now(),
          status: "available",
        });
      }
      life.enter(instance, "stopping", "stopped");
      return { DBInstance: shape(instance) };
    },
    StartDBInstance({ DBInstanceIdentifier }) {
      const instance = store.instance(DBInstanceIdentifier);
      if (instance.clusterId !== undefined)
        throw combination("aurora DB instances are not eligible for stopping or starting.");
      requireStatus("instance", instance.id, instance.status, "stopped");
      life.enter(instance, "starting", "available");
      return { DBInstance: shape(instance) };
    },
    DeleteDBInstance({ DBInstanceIdentifier, SkipFinalSnapshot, FinalDBSnapshotIdentifier }) {
      const instance = store.instance(DBInstanceIdentifier);
      if (!SkipFinalSnapshot && !FinalDBSnapshotIdentifier && instance.clusterId === undefined) {
        throw combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
      }
      life.enter(instance, "deleting", "deleting");
      return { DBInstance: shape(instance) };
    },
    DescribeDBSnapshots({ DBInstanceIdentifier, DBSnapshotIdentifier, MaxRecords, Marker }) {
      const found = [...snapshotsOf(cloud).values()].filter(
        ({ id, instanceId }) =>
          (DBInstanceIdentifier === undefined || instanceId === DBInstanceIdentifier) &&
          (DBSnapshotIdentifier === undefined || id === DBSnapshotIdentifier),
      );
      if (DBSnapshotIdentifier !== undefined && found.length === 0)
        throw new ServiceError("DBSnapshotNotFound", `DBSnapshot ${DBSnapshotIdentifier} not found.`, { status: 404 });
      const { items, marker } = page(found, MaxRecords, Marker);
      return {
        DBSnapshots: items.map(({ id, arn, instanceId, engine, createdAt, status }) => ({
          DBSnapshotIdentifier: id,
          DBSnapshotArn: arn,
          DBInstanceIdentifier: instanceId,
          Engine: engine,
          Status: status,
          SnapshotType: "manual",
          SnapshotCreateTime: new Date(createdAt),
        })),
        ...marker,
      };
    },
  };
}
