import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const eventbridge = traced(new EventBridgeClient(settings));
