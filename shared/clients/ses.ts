import { SESv2Client } from "@aws-sdk/client-sesv2";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const ses = traced(new SESv2Client(settings));
