/** Amazon Rekognition: faces and labels, found by models that run offline. */
import * as Rekognition from "@aws-sdk/client-rekognition";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { detectFaces } from "./detect-faces.ts";
import { detectLabels } from "./detect-labels.ts";
import { vision } from "./vision/start.ts";

export function create(cloud: Cloud): Service<typeof Rekognition> {
  return {
    sdk: Rekognition,
    handlers: { DetectFaces: detectFaces(cloud, vision()), DetectLabels: detectLabels(cloud, vision()) },
  };
}
