import { TextractClient } from "@aws-sdk/client-textract";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const textract = traced(new TextractClient(settings));
