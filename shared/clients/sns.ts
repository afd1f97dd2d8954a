import { SNSClient } from "@aws-sdk/client-sns";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const sns = traced(new SNSClient(settings));
