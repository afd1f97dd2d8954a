/** AWS Glue: the data catalog. Crawlers, jobs and workflows are not here. */
import * as sdk from "@aws-sdk/client-glue";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { databaseHandlers } from "./databases.ts";
import { partitionHandlers } from "./partitions.ts";
import { permissionsOf } from "./permissions.ts";
import { glueResources } from "./resources.ts";
import { tableHandlers } from "./tables.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  return {
    sdk,
    handlers: { ...databaseHandlers(cloud), ...tableHandlers(cloud), ...partitionHandlers(cloud) },
    permissions: (operation, input) => permissionsOf(cloud, operation, input),
    resources: glueResources(cloud),
  };
}
