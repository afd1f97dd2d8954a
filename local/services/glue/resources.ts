/** AWS::Glue::Database and AWS::Glue::Table. */
import type * as SDK from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider } from "../../core/service.ts";
import { invalid } from "./store.ts";

type Members = Readonly<Record<string, unknown>>;
const members = (value: unknown): Members => (typeof value === "object" && value !== null ? (value as Members) : {});

/** Glue makes a name of the logical id where the template has none; only small letters, digits and `_` can be used in Athena unquoted. */
const nameOf = (input: Members, context: ResourceContext): string =>
  typeof input["Name"] === "string"
    ? input["Name"].toLowerCase()
    : context.physicalName(128, { lowercase: true }).replaceAll("-", "_");

export function glueResources(cloud: Cloud): Record<string, ResourceProvider> {
  const checkCatalog = (properties: Properties) => {
    if (properties["CatalogId"] !== cloud.accountId)
      throw invalid(`CatalogId must be the account, ${cloud.accountId}: other catalogs are not here`);
  };
  const database = (properties: Properties, Name: string): SDK.DatabaseInput => ({
    ...members(properties["DatabaseInput"]),
    Name,
  });
  // The template's members are the API's; what is not known was warned about.
  const table = (properties: Properties, Name: string): SDK.TableInput => ({
    ...texts(members(properties["TableInput"])),
    Name,
  });
  return {
    "AWS::Glue::Database": {
      known: { CatalogId: true, DatabaseInput: { Name: true, Description: true, LocationUri: true, Parameters: true } },
      async create(properties, context) {
        checkCatalog(properties);
        const name = nameOf(members(properties["DatabaseInput"]), context);
        await cloud.call("glue", "CreateDatabase", { DatabaseInput: database(properties, name) }, ACCOUNT);
        return { physicalId: name };
      },
      async update(name, properties, previous) {
        if (members(properties["DatabaseInput"])["Name"] !== members(previous["DatabaseInput"])["Name"])
          return "replace";
        const input = { Name: name, DatabaseInput: database(properties, name) };
        await cloud.call("glue", "UpdateDatabase", input, ACCOUNT);
        return { physicalId: name };
      },
      delete: async (Name) => void (await cloud.call("glue", "DeleteDatabase", { Name }, ACCOUNT)),
    },
    "AWS::Glue::Table": {
      known: { CatalogId: true, DatabaseName: true, TableInput: TABLE },
      async create(properties, context) {
        checkCatalog(properties);
        const name = nameOf(members(properties["TableInput"]), context);
        const DatabaseName = String(properties["DatabaseName"]);
        await cloud.call("glue", "CreateTable", { DatabaseName, TableInput: table(properties, name) }, ACCOUNT);
        return { physicalId: name };
      },
      async update(name, properties, previous) {
        const isOther =
          properties["DatabaseName"] !== previous["DatabaseName"] ||
          members(properties["TableInput"])["Name"] !== members(previous["TableInput"])["Name"];
        if (isOther) return "replace";
        const DatabaseName = String(properties["DatabaseName"]);
        await cloud.call("glue", "UpdateTable", { DatabaseName, TableInput: table(properties, name) }, ACCOUNT);
        return { physicalId: name };
      },
      delete: async (Name, properties) => {
        const DatabaseName = String(properties["DatabaseName"]);
        await cloud.call("glue", "DeleteTable", { DatabaseName, Name }, ACCOUNT);
      },
    },
  };
}

/** Table parameters are texts, whatever YAML made of `true` and `1`. */
function texts(input: Members): Members {
  const parameters = Object.entries(members(input["Parameters"])).map(([name, value]) => [name, String(value)]);
  return { ...input, Parameters: Object.fromEntries(parameters) };
}

const COLUMN = { Name: true, Type: true, Comment: true } as const;
const TABLE = {
  Name: true,
  Description: true,
  Owner: true,
  TableType: true,
  Parameters: true,
  PartitionKeys: [COLUMN],
  ViewOriginalText: true,
  ViewExpandedText: true,
  StorageDescriptor: {
    Location: true,
    Columns: [COLUMN],
    InputFormat: true,
    OutputFormat: true,
    Compressed: true,
    SerdeInfo: { Name: true, SerializationLibrary: true, Parameters: true },
    Parameters: true,
  },
} as const;
