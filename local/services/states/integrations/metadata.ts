/** What optimized integrations add to a service's answer. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Json, JsonObject } from "../../../states/json.ts";

export function withMetadata(cloud: Cloud, answer: JsonObject): Json {
  const requestId = cloud.uuid();
  const date = new Date(cloud.clock.now()).toUTCString();
  return {
    ...answer,
    SdkHttpMetadata: {
      AllHttpHeaders: { "x-amzn-RequestId": [requestId], Date: [date], "Content-Type": ["application/json"] },
      HttpHeaders: { "x-amzn-RequestId": requestId, Date: date, "Content-Type": "application/json" },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}
