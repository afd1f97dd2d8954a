import { RDSDataClient } from "@aws-sdk/client-rds-data";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const rdsData = traced(new RDSDataClient(settings));
