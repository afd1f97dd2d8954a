/** Databases of the catalog. */
import type * as SDK from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { type Database, databaseNamed, databasesOf, type Glue, invalid, lower, page, tablesOf } from "./store.ts";

export function databaseHandlers(cloud: Cloud): Handlers<Glue> {
  const databases = databasesOf(cloud);
  return {
    CreateDatabase({ DatabaseInput: input }) {
      const name = checkedName(input?.Name);
      if (databases.has(name)) throw new ServiceError("AlreadyExistsException", "Database already exists.");
      databases.set(name, { name, input: { ...input, Name: name }, createdAt: cloud.clock.now() });
      return {};
    },
    GetDatabase: ({ Name }) => ({ Database: view(cloud, databaseNamed(cloud, Name)) }),
    GetDatabases({ NextToken, MaxResults }) {
      const { items, rest } = page([...databases.values()], NextToken, MaxResults);
      return { DatabaseList: items.map((database) => view(cloud, database)), ...rest };
    },
    UpdateDatabase({ Name, DatabaseInput: input }) {
      const database = databaseNamed(cloud, Name);
      databases.set(database.name, { ...database, input: { ...input, Name: database.name } });
      return {};
    },
    DeleteDatabase({ Name }) {
      const { name } = databaseNamed(cloud, Name);
      databases.delete(name);
      // Its tables become inaccessible and are removed with it (DeleteDatabase, AWS Glue API).
      for (const [key, table] of tablesOf(cloud).entries()) if (table.database === name) tablesOf(cloud).delete(key);
      return {};
    },
  };
}

/** Names have 1 to 255 characters of one line (Single-line string pattern). Kept in lower case. */
export function checkedName(name: string | undefined): string {
  if (name === undefined || name.length === 0 || name.length > 255 || /[\r\n]/.test(name))
    throw invalid(
      "1 validation error detected: Value at 'name' failed to satisfy constraint: a name of 1 to 255 characters",
    );
  return lower(name);
}

function view(cloud: Cloud, { name, input, createdAt }: Database): SDK.Database {
  return { ...input, Name: name, CreateTime: new Date(createdAt), CatalogId: cloud.accountId };
}
