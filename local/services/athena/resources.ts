/** AWS::Athena::WorkGroup and AWS::Athena::NamedQuery. */
import type * as SDK from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../core/service.ts";
import { namedQueriesOf } from "./store.ts";

const text = (properties: Properties, name: string): string | undefined =>
  typeof properties[name] === "string" ? properties[name] : undefined;
const isTrue = (value: unknown): boolean => String(value) === "true";

/** The template's members are the API's, but for numbers and booleans that arrive as text. */
function configurationOf(properties: Properties): SDK.WorkGroupConfiguration {
  const given = (properties["WorkGroupConfiguration"] ?? {}) as Record<string, unknown>;
  const flags = ["EnforceWorkGroupConfiguration", "PublishCloudWatchMetricsEnabled", "RequesterPaysEnabled"].flatMap(
    (name) => (given[name] === undefined ? [] : [[name, isTrue(given[name])]]),
  );
  const cutoff = given["BytesScannedCutoffPerQuery"];
  return {
    ...given,
    ...Object.fromEntries(flags),
    ...(cutoff === undefined ? {} : { BytesScannedCutoffPerQuery: Number(cutoff) }),
  };
}

export function athenaResources(cloud: Cloud): Record<string, ResourceProvider> {
  return {
    "AWS::Athena::WorkGroup": {
      known: {
        Name: true,
        Description: true,
        State: true,
        Tags: true,
        RecursiveDeleteOption: true,
        WorkGroupConfiguration: {
          BytesScannedCutoffPerQuery: true,
          EnforceWorkGroupConfiguration: true,
          EngineVersion: { SelectedEngineVersion: true },
          PublishCloudWatchMetricsEnabled: true,
          RequesterPaysEnabled: true,
          ResultConfiguration: {
            OutputLocation: true,
            EncryptionConfiguration: { EncryptionOption: true, KmsKey: true },
            ExpectedBucketOwner: true,
          },
        },
      },
      async create(properties) {
        const Name = text(properties, "Name") ?? "";
        const input = {
          Name,
          Configuration: configurationOf(properties),
          Description: text(properties, "Description"),
        };
        await cloud.call("athena", "CreateWorkGroup", input, ACCOUNT);
        return { physicalId: Name, attributes: { CreationTime: new Date(cloud.clock.now()).toISOString() } };
      },
      async update(physicalId, properties, previous) {
        if (text(properties, "Name") !== text(previous, "Name")) return "replace";
        const { ResultConfiguration, ...configuration } = configurationOf(properties);
        await cloud.call(
          "athena",
          "UpdateWorkGroup",
          {
            WorkGroup: physicalId,
            Description: text(properties, "Description"),
            State: text(properties, "State") === "DISABLED" ? "DISABLED" : "ENABLED",
            ConfigurationUpdates: {
              ...configuration,
              RemoveBytesScannedCutoffPerQuery: configuration.BytesScannedCutoffPerQuery === undefined,
              ...(ResultConfiguration && { ResultConfigurationUpdates: ResultConfiguration }),
            },
          },
          ACCOUNT,
        );
        return { physicalId };
      },
      async delete(WorkGroup, properties) {
        const RecursiveDeleteOption = isTrue(properties["RecursiveDeleteOption"]);
        await cloud.call("athena", "DeleteWorkGroup", { WorkGroup, RecursiveDeleteOption }, ACCOUNT);
      },
    },
    // Every change replaces a named query.
    "AWS::Athena::NamedQuery": {
      known: { Name: true, Description: true, Database: true, QueryString: true, WorkGroup: true },
      async create(properties, context) {
        const { NamedQueryId: id = "" } = await cloud.call(
          "athena",
          "CreateNamedQuery",
          {
            Name: text(properties, "Name") ?? context.physicalName(128),
            Description: text(properties, "Description"),
            Database: text(properties, "Database"),
            QueryString: text(properties, "QueryString"),
            WorkGroup: text(properties, "WorkGroup"),
          },
          ACCOUNT,
        );
        return { physicalId: id, attributes: { NamedQueryId: id } };
      },
      delete: (id) => void namedQueriesOf(cloud).delete(id),
    },
  };
}
