/** Amazon Athena. */
import * as sdk from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";

export function create(_cloud: Cloud): Service<typeof sdk> {
  return { sdk, handlers: {} };
}
