import { RDSClient } from "@aws-sdk/client-rds";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const rds = traced(new RDSClient(settings));
