import { AthenaClient } from "@aws-sdk/client-athena";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const athena = traced(new AthenaClient(settings));
