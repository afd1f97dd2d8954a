/** Tables of the catalog: where data lies, what its columns are, how it is partitioned. */
import type * as SDK from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { checkedName } from "./databases.ts";
import {
  databaseNamed,
  type Glue,
  invalid,
  page,
  partitionsOf,
  type Table,
  tableKey,
  tableNamed,
  tablesOf,
} from "./store.ts";

export function tableHandlers(cloud: Cloud): Handlers<Glue> {
  const tables = tablesOf(cloud);
  return {
    CreateTable({ DatabaseName, TableInput: input }) {
      const { name: database } = databaseNamed(cloud, DatabaseName);
      const name = checkedName(input?.Name);
      if (tables.has(tableKey(database, name)))
        throw new ServiceError("AlreadyExistsException", "Table already exists.");
      const now = cloud.clock.now();
      const table = { ...checked(input), Name: name };
      tables.set(tableKey(database, name), {
        database,
        name,
        input: table,
        createdAt: now,
        updatedAt: now,
        version: 0,
      });
      return {};
    },
    GetTable: ({ DatabaseName, Name }) => ({ Table: view(cloud, tableNamed(cloud, DatabaseName, Name)) }),
    GetTables({ DatabaseName, Expression, NextToken, MaxResults }) {
      const { name } = databaseNamed(cloud, DatabaseName);
      const matches = new RegExp(`^(?:${Expression ?? ".*"})$`);
      const found = [...tables.values()].filter((table) => table.database === name && matches.test(table.name));
      const { items, rest } = page(found, NextToken, MaxResults);
      return { TableList: items.map((table) => view(cloud, table)), ...rest };
    },
    UpdateTable({ DatabaseName, Name, TableInput: input }) {
      const table = tableNamed(cloud, DatabaseName, input?.Name ?? Name);
      tables.set(tableKey(table.database, table.name), {
        ...table,
        input: { ...checked(input), Name: table.name },
        updatedAt: cloud.clock.now(),
        version: table.version + 1,
      });
      return {};
    },
    DeleteTable({ DatabaseName, Name }) {
      const { database, name } = tableNamed(cloud, DatabaseName, Name);
      partitionsOf(cloud, database, name).clear();
      tables.delete(tableKey(database, name));
      return {};
    },
  };
}

function checked(input: SDK.TableInput | undefined): SDK.TableInput {
  const columns = [...(input?.StorageDescriptor?.Columns ?? []), ...(input?.PartitionKeys ?? [])];
  const names = columns.map(({ Name = "" }) => Name.toLowerCase());
  if (names.some((name) => name === "")) throw invalid("Column names must not be empty");
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Duplicate column name: ${twice}`);
  return { ...input, Name: input?.Name };
}

function view(cloud: Cloud, { database, name, input, createdAt, updatedAt, version }: Table): SDK.Table {
  return {
    ...input,
    Name: name,
    DatabaseName: database,
    CreateTime: new Date(createdAt),
    UpdateTime: new Date(updatedAt),
    IsRegisteredWithLakeFormation: false,
    CatalogId: cloud.accountId,
    VersionId: String(version),
  };
}
