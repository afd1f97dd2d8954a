import { SQSClient } from "@aws-sdk/client-sqs";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const sqs = traced(new SQSClient(settings));
