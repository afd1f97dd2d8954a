import { S3Client } from "@aws-sdk/client-s3";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const s3 = traced(new S3Client(settings));
