/** What this app asks of RDS. */
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
  type Tag,
} from "@aws-sdk/client-rds";
import { rds } from "#shared/clients/rds";
import { AppError, NotFound } from "#shared/errors";
import type { Database, DatabaseId } from "./database.ts";

export class DatabaseNotFound extends NotFound<{ id: string }> {}

/** It is not available at this moment; its status says what to do. */
export class DatabaseNotAvailable extends AppError<{ id: string }> {
  override readonly retryable = true;
}

/** No waiting helps: a read replica, a source of replicas, a mirrored SQL Server. */
export class DatabaseNotStoppable extends AppError<{ id: string }> {}

const tagsOf = (tags: readonly Tag[] = []) => Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
const isNamed = (error: unknown, ...names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

/** Throws DatabaseNotFound. */
export async function describeDatabase({ kind, id }: DatabaseId): Promise<Database> {
  try {
    if (kind === "cluster") {
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }));
      return { kind, id, status: DBClusters?.[0]?.Status ?? "unknown", tags: tagsOf(DBClusters?.[0]?.TagList) };
    }
    const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    const instance = DBInstances?.[0];
    const clusterId = instance?.DBClusterIdentifier;
    return {
      kind,
      id,
      status: instance?.DBInstanceStatus ?? "unknown",
      tags: tagsOf(instance?.TagList),
      ...(clusterId === undefined ? {} : { clusterId }),
    };
  } catch (error) {
    if (isNamed(error, "DBInstanceNotFoundFault", "DBInstanceNotFound", "DBClusterNotFoundFault"))
      throw new DatabaseNotFound(`There is no ${kind} ${id}`, { id });
    throw error;
  }
}

/** Begins to stop a database; it takes minutes. Throws DatabaseNotAvailable, DatabaseNotStoppable, DatabaseNotFound. */
export async function stopDatabase({ kind, id }: DatabaseId, snapshotId: string | undefined): Promise<void> {
  try {
    if (kind === "cluster") await rds.send(new StopDBClusterCommand({ DBClusterIdentifier: id }));
    else
      await rds.send(
        new StopDBInstanceCommand({
          DBInstanceIdentifier: id,
          ...(snapshotId === undefined ? {} : { DBSnapshotIdentifier: snapshotId }),
        }),
      );
  } catch (error) {
    if (isNamed(error, "DBInstanceNotFoundFault", "DBInstanceNotFound", "DBClusterNotFoundFault"))
      throw new DatabaseNotFound(`There is no ${kind} ${id}`, { id });
    if (
      isNamed(error, "InvalidParameterCombination", "InvalidParameterCombinationException") ||
      (error instanceof Error && error.message.includes("read replica"))
    ) {
      throw new DatabaseNotStoppable(`The ${kind} ${id} cannot be stopped: ${error.message}`, { id }, { cause: error });
    }
    if (isNamed(error, "InvalidDBInstanceStateFault", "InvalidDBInstanceState", "InvalidDBClusterStateFault"))
      throw new DatabaseNotAvailable(error.message, { id }, { cause: error });
    throw error;
  }
}
