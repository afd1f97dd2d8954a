import { LambdaClient } from "@aws-sdk/client-lambda";
import { traced } from "../observability/tracing.ts";
import { patient } from "./settings.ts";

export const lambda = traced(new LambdaClient(patient));
