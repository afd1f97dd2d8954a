import { TranslateClient } from "@aws-sdk/client-translate";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const translate = traced(new TranslateClient(settings));
