/** Partitions that are registered one by one. A table with partition projection needs none. */
import type * as SDK from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { type Glue, invalid, page, type Partition, partitionsOf, type Table, tableNamed } from "./store.ts";

/** BatchCreatePartition takes at most 100 (AWS Glue API). */
const MOST_A_BATCH = 100;

export function partitionHandlers(cloud: Cloud): Handlers<Glue> {
  const partitions = (table: Table) => partitionsOf(cloud, table.database, table.name);
  return {
    BatchCreatePartition({ DatabaseName, TableName, PartitionInputList = [] }) {
      const table = tableNamed(cloud, DatabaseName, TableName);
      if (PartitionInputList.length > MOST_A_BATCH)
        throw new ServiceError("ValidationException", `At most ${MOST_A_BATCH} partitions can be created in one call`);
      const Errors = PartitionInputList.flatMap((input): SDK.PartitionError[] => {
        const values = checkedValues(table, input.Values);
        const key = JSON.stringify(values);
        if (!partitions(table).has(key)) {
          partitions(table).set(key, { values, input, createdAt: cloud.clock.now() });
          return [];
        }
        const ErrorDetail = { ErrorCode: "AlreadyExistsException", ErrorMessage: "Partition already exists." };
        return [{ PartitionValues: [...values], ErrorDetail }];
      });
      return Errors.length > 0 ? { Errors } : {};
    },
    GetPartitions({ DatabaseName, TableName, Expression, NextToken, MaxResults }) {
      const table = tableNamed(cloud, DatabaseName, TableName);
      if (Expression !== undefined && Expression !== "")
        throw invalid("The local cloud does not read expressions of GetPartitions");
      const { items, rest } = page([...partitions(table).values()], NextToken, MaxResults);
      return { Partitions: items.map((partition) => view(cloud, table, partition)), ...rest };
    },
  };
}

function checkedValues(table: Table, values: readonly string[] | undefined): readonly string[] {
  const keys = table.input.PartitionKeys?.length ?? 0;
  if (values?.length !== keys)
    throw invalid("The number of partition keys do not match the number of partition values");
  return values;
}

function view(cloud: Cloud, table: Table, { values, input, createdAt }: Partition): SDK.Partition {
  return {
    ...input,
    Values: [...values],
    DatabaseName: table.database,
    TableName: table.name,
    CreationTime: new Date(createdAt),
    CatalogId: cloud.accountId,
  };
}
