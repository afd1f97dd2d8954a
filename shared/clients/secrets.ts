import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const secrets = traced(new SecretsManagerClient(settings));
