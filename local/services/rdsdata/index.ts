/** Amazon RDS Data API: SQL over HTTP for Aurora clusters whose HTTP endpoint is enabled. */
import * as sdk from "@aws-sdk/client-rds-data";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { Databases } from "./databases.ts";
import { statementHandlers } from "./statements.ts";
import { transactionHandlers } from "./transactions.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const databases = new Databases(cloud);
  return {
    sdk,
    handlers: { ...statementHandlers(cloud, databases), ...transactionHandlers(cloud, databases) },
    // Resources are clusters (Actions, resources, and condition keys for Amazon RDS Data API).
    permissions: (operation, { resourceArn }) => [
      { action: `rds-data:${operation}`, resource: typeof resourceArn === "string" ? resourceArn : "*" },
    ],
    stop: () => databases.stop(),
  };
}
