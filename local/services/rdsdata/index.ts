/** Amazon RDS Data API. */
import * as sdk from "@aws-sdk/client-rds-data";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";

export function create(_cloud: Cloud): Service<typeof sdk> {
  return { sdk, handlers: {} };
}
