/** Operations on Aurora DB clusters; their instances stop and start with them. */
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Handlers } from "../../core/service.ts";
import { requireStatus } from "./instances.ts";
import type { LifeCycle } from "./life-cycle.ts";
import { page } from "./paging.ts";
import { type Cluster, newId, type RdsModule, type Store, tagList, tagsFrom } from "./store.ts";

export function clusterHandlers(cloud: Cloud, store: Store, life: LifeCycle): Handlers<RdsModule> {
  const shape = (cluster: Cluster) => ({
    DBClusterIdentifier: cluster.id,
    DBClusterArn: cluster.arn,
    Status: cluster.status,
    Engine: cluster.engine,
    EngineMode: cluster.engineMode,
    ClusterCreateTime: new Date(cluster.createdAt),
    TagList: tagList(cluster.tags),
    DBClusterMembers: store
      .members(cluster.id)
      .map(({ id }, index) => ({ DBInstanceIdentifier: id, IsClusterWriter: index === 0 })),
    HttpEndpointEnabled: cluster.httpEndpoint ?? false,
    ...(cluster.databaseName === undefined ? {} : { DatabaseName: cluster.databaseName }),
    ...(cluster.master === undefined ? {} : { MasterUsername: cluster.master.username }),
    ...(cluster.masterSecretArn === undefined
      ? {}
      : { MasterUserSecret: { SecretArn: cluster.masterSecretArn, SecretStatus: "active" } }),
    ...(cluster.automaticRestartAt === undefined ? {} : { AutomaticRestartTime: new Date(cluster.automaticRestartAt) }),
  });
  const move = (cluster: Cluster, status: "stopping" | "starting", then: "stopped" | "available") => {
    life.enter(cluster, status, then);
    for (const member of store.members(cluster.id)) life.enter(member, status, then);
    return { DBCluster: shape(cluster) };
  };
  return {
    async CreateDBCluster(input) {
      const id = newId(input.DBClusterIdentifier ?? "", "DBClusterIdentifier");
      if (store.clusters.has(id)) throw new ServiceError("DBClusterAlreadyExistsFault", `DB Cluster already exists`);
      const { master, secretArn } = await masterOf(cloud, id, input);
      const cluster: Cluster = {
        kind: "cluster",
        id,
        arn: cloud.arn("rds", `cluster:${id}`),
        engine: input.Engine ?? "aurora-mysql",
        engineMode: input.EngineMode ?? "provisioned",
        createdAt: cloud.clock.now(),
        status: "creating",
        tags: tagsFrom(input.Tags),
        httpEndpoint: input.EnableHttpEndpoint ?? false,
        databaseName: input.DatabaseName,
        master,
        masterSecretArn: secretArn,
      };
      life.enter(cluster, "creating", "available");
      return { DBCluster: shape(cluster) };
    },
    DescribeDBClusters({ DBClusterIdentifier, Filters = [], MaxRecords, Marker }) {
      if (DBClusterIdentifier) return { DBClusters: [shape(store.cluster(DBClusterIdentifier))] };
      const found = [...store.clusters.values()].filter((cluster) =>
        Filters.every(({ Name, Values = [] }) => {
          if (Name === "db-cluster-id") return Values.includes(cluster.id) || Values.includes(cluster.arn);
          if (Name === "engine") return Values.includes(cluster.engine);
          throw new ServiceError("InvalidParameterValue", `Unrecognized filter name: ${Name}`);
        }),
      );
      const { items, marker } = page(found, MaxRecords, Marker);
      return { DBClusters: items.map(shape), ...marker };
    },
    StopDBCluster({ DBClusterIdentifier }) {
      const cluster = store.cluster(DBClusterIdentifier);
      requireStatus("cluster", cluster.id, cluster.status, "available");
      const busy = store.members(cluster.id).find(({ status }) => status !== "available");
      if (busy) throw new ServiceError("InvalidDBInstanceState", `Instance ${busy.id} is not in available state.`);
      return move(cluster, "stopping", "stopped");
    },
    StartDBCluster({ DBClusterIdentifier }) {
      const cluster = store.cluster(DBClusterIdentifier);
      requireStatus("cluster", cluster.id, cluster.status, "stopped");
      return move(cluster, "starting", "available");
    },
    async DeleteDBCluster({ DBClusterIdentifier, SkipFinalSnapshot, FinalDBSnapshotIdentifier }) {
      const cluster = store.cluster(DBClusterIdentifier);
      if (store.members(cluster.id).some(({ status }) => status !== "deleting"))
        throw new ServiceError(
          "InvalidDBClusterStateFault",
          "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
        );
      if (!SkipFinalSnapshot && !FinalDBSnapshotIdentifier)
        throw new ServiceError(
          "InvalidParameterCombination",
          "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
        );
      life.enter(cluster, "deleting", "deleting");
      if (cluster.masterSecretArn !== undefined) {
        const secret = { SecretId: cluster.masterSecretArn, ForceDeleteWithoutRecovery: true };
        await cloud.call("secretsmanager", "DeleteSecret", secret, ACCOUNT);
      }
      return { DBCluster: shape(cluster) };
    },
  };
}

/** The master user: with a password of the caller's, or one that RDS makes and keeps in a secret of its own. */
async function masterOf(
  cloud: Cloud,
  id: string,
  {
    MasterUsername,
    MasterUserPassword,
    ManageMasterUserPassword,
  }: {
    MasterUsername?: string | undefined;
    MasterUserPassword?: string | undefined;
    ManageMasterUserPassword?: boolean | undefined;
  },
): Promise<{ master?: { username: string; password: string }; secretArn?: string }> {
  if (ManageMasterUserPassword && MasterUserPassword !== undefined) {
    throw new ServiceError(
      "InvalidParameterCombination",
      "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled.",
    );
  }
  if (MasterUsername === undefined) return {};
  if (!ManageMasterUserPassword)
    return MasterUserPassword === undefined
      ? {}
      : { master: { username: MasterUsername, password: MasterUserPassword } };
  const master = { username: MasterUsername, password: cloud.uuid() };
  const { ARN } = await cloud.call(
    "secretsmanager",
    "CreateSecret",
    {
      Name: `rds!cluster-${cloud.uuid()}`,
      Description: `Secret associated with primary RDS DB cluster: ${cloud.arn("rds", `cluster:${id}`)}`,
      SecretString: JSON.stringify(master),
    },
    ACCOUNT,
  );
  return { master, ...(ARN === undefined ? {} : { secretArn: ARN }) };
}
