/** Amazon Athena: SELECT over the Parquet files of the Glue catalog's tables, run by DuckDB with the caller's permissions. */
import * as sdk from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { createExecutions } from "./executions.ts";
import { namedQueryHandlers } from "./named-queries.ts";
import { permissionsOf } from "./permissions.ts";
import { athenaResources } from "./resources.ts";
import { getQueryResults } from "./results.ts";
import { workGroupHandlers } from "./work-groups.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const executions = createExecutions(cloud);
  return {
    sdk,
    handlers: {
      ...executions.handlers,
      GetQueryResults: getQueryResults(cloud),
      ...workGroupHandlers(cloud),
      ...namedQueryHandlers(cloud),
    },
    permissions: (operation, input) => permissionsOf(cloud, operation, input),
    resources: athenaResources(cloud),
    resume: () => executions.resume(),
    stop: () => executions.stop(),
  };
}
