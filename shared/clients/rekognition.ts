import { RekognitionClient } from "@aws-sdk/client-rekognition";
import { traced } from "../observability/tracing.ts";
import { settings } from "./settings.ts";

export const rekognition = traced(new RekognitionClient(settings));
