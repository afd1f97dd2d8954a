import { SSMClient } from "@aws-sdk/client-ssm";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const ssm = traced(new SSMClient(settings));
