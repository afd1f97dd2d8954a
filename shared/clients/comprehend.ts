import { ComprehendClient } from "@aws-sdk/client-comprehend";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const comprehend = traced(new ComprehendClient(settings));
