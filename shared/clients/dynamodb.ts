import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const dynamodb = traced(new DynamoDBClient(settings));
