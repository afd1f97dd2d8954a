/** Work groups: where results go, and how much a query may scan. */
import type * as SDK from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import type { Handlers } from "../../core/service.ts";
import {
  type Athena,
  executionsOf,
  invalidRequest,
  namedQueriesOf,
  PRIMARY,
  type WorkGroup,
  workGroupNamed,
  workGroupsOf,
} from "./store.ts";

/** The smallest limit that Athena takes (WorkGroupConfiguration, BytesScannedCutoffPerQuery). */
const LEAST_CUTOFF = 10_000_000;

export function workGroupHandlers(cloud: Cloud): Handlers<Athena> {
  const groups = workGroupsOf(cloud);
  return {
    CreateWorkGroup({ Name: name = "", Description: description, Configuration: configuration = {} }) {
      if (!/^[a-zA-Z0-9._-]{1,128}$/.test(name)) throw invalidRequest("Invalid workgroup name");
      if (name === PRIMARY || groups.has(name)) throw invalidRequest("WorkGroup is already created");
      check(configuration);
      groups.set(name, {
        name,
        description,
        state: "ENABLED",
        createdAt: cloud.clock.now(),
        // A new group enforces its settings unless it says otherwise.
        configuration: { EnforceWorkGroupConfiguration: true, ...configuration },
      });
      return {};
    },
    GetWorkGroup: ({ WorkGroup }) => ({ WorkGroup: view(workGroupNamed(cloud, WorkGroup)) }),
    UpdateWorkGroup({ WorkGroup: name, Description: description, State: state, ConfigurationUpdates: updates = {} }) {
      const group = workGroupNamed(cloud, name);
      const { ResultConfigurationUpdates: results, RemoveBytesScannedCutoffPerQuery: isUnlimited, ...others } = updates;
      const { BytesScannedCutoffPerQuery, ...kept } = group.configuration;
      const configuration: SDK.WorkGroupConfiguration = {
        ...kept,
        ...(isUnlimited || BytesScannedCutoffPerQuery === undefined ? {} : { BytesScannedCutoffPerQuery }),
        ...others,
        ...(results && { ResultConfiguration: { ...group.configuration.ResultConfiguration, ...results } }),
      };
      check(configuration);
      groups.set(group.name, {
        ...group,
        description: description ?? group.description,
        state: state ?? group.state,
        configuration,
      });
      return {};
    },
    DeleteWorkGroup({ WorkGroup: name, RecursiveDeleteOption: isRecursive }) {
      const group = workGroupNamed(cloud, name);
      if (group.name === PRIMARY) throw invalidRequest("Cannot delete primary workgroup");
      const queries = [...namedQueriesOf(cloud).values()].filter(({ workGroup }) => workGroup === group.name);
      const executions = [...executionsOf(cloud).values()].filter(({ workGroup }) => workGroup === group.name);
      if (!isRecursive && queries.length + executions.length > 0)
        throw invalidRequest(`WorkGroup ${group.name} is not empty`);
      for (const { id } of queries) namedQueriesOf(cloud).delete(id);
      for (const { id } of executions) executionsOf(cloud).delete(id);
      groups.delete(group.name);
      return {};
    },
  };
}

function check({ BytesScannedCutoffPerQuery: most, ResultConfiguration: result }: SDK.WorkGroupConfiguration): void {
  if (most !== undefined && most < LEAST_CUTOFF)
    throw invalidRequest(`Bytes scanned cutoff per query must be at least ${LEAST_CUTOFF}`);
  const location = result?.OutputLocation;
  if (location !== undefined && !/^s3:\/\/[^/]+\//.test(location))
    throw invalidRequest(`outputLocation is not a valid S3 path. Provided ${location}`);
}

const view = ({ name, description, state, createdAt, configuration }: WorkGroup): SDK.WorkGroup => ({
  Name: name,
  State: state,
  Configuration: configuration,
  ...(description !== undefined && { Description: description }),
  CreationTime: new Date(createdAt),
});
