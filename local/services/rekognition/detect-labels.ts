/** DetectLabels for the 80 kinds of things that the local model knows. */
import type * as Rekognition from "@aws-sdk/client-rekognition";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { boundingBox, look } from "./detect-faces.ts";
import { imageBytes } from "./image.ts";
import { LABELS } from "./labels.ts";
import type { Vision } from "./vision/start.ts";

const DEFAULT_CONFIDENCE = 55;

export function detectLabels(cloud: Cloud, vision: Vision): Handler<typeof Rekognition, "DetectLabels"> {
  return async (
    { Image, MaxLabels = 1000, MinConfidence = DEFAULT_CONFIDENCE, Features = ["GENERAL_LABELS"], Settings },
    call,
  ) => {
    if (MaxLabels < 0 || MinConfidence < 0 || MinConfidence > 100)
      throw new ServiceError("InvalidParameterException", "Request has invalid parameters");
    if (Features.some((feature) => feature !== "GENERAL_LABELS") || Settings) {
      throw new ServiceError("NotImplemented", "The local cloud answers GENERAL_LABELS without settings only", {
        status: 501,
      });
    }
    const bytes = await imageBytes(cloud, Image, call.principal);
    const found = await look(() => vision.things(bytes));
    const labels = new Map<string, Rekognition.Label>();
    for (const { kind, score, box } of found) {
      const known = LABELS[kind];
      const confidence = 100 * score;
      if (!known || confidence < MinConfidence) continue;
      const [name, ...parents] = known;
      const label = labels.get(name) ?? {
        Name: name,
        Confidence: 0,
        Instances: [],
        Parents: parents.map((Name) => ({ Name })),
        Aliases: [],
      };
      labels.set(name, {
        ...label,
        Confidence: Math.max(label.Confidence ?? 0, confidence),
        Instances: [...(label.Instances ?? []), { BoundingBox: boundingBox(box), Confidence: confidence }],
      });
    }
    addParents(labels);
    const sorted = [...labels.values()].sort((a, b) => (b.Confidence ?? 0) - (a.Confidence ?? 0));
    return { Labels: sorted.slice(0, MaxLabels), LabelModelVersion: "local-centernet-coco" };
  };
}

/** A car is a vehicle too: parents are labels without places of their own. */
function addParents(labels: Map<string, Rekognition.Label>): void {
  // Taken down first: what is added on the way has no parents of its own here.
  const found = [...labels.values()];
  for (const { Confidence, Parents } of found) {
    for (const { Name } of Parents ?? []) {
      if (Name === undefined) continue;
      const parent = labels.get(Name);
      if (parent && (parent.Confidence ?? 0) >= (Confidence ?? 0)) continue;
      labels.set(Name, { ...(parent ?? { Name, Instances: [], Parents: [], Aliases: [] }), Confidence });
    }
  }
}
