import { SFNClient } from "@aws-sdk/client-sfn";
import { traced } from "../observability/tracing.ts";
import { patient } from "./settings.ts";

export const sfn = traced(new SFNClient(patient));
