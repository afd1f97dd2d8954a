/** An event as Lambda functions, queues and topics get it (Event message structure, Amazon S3 User Guide). */
import { createHash } from "node:crypto";
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { urlEncoded } from "../listing/page.ts";
import type { ObjectEvent } from "./object-event.ts";

/** One version for all kinds of events since 2.4; 2.6 is the current one. */
const EVENT_VERSION = "2.6";
const LIFECYCLE = "s3.amazonaws.com";

export function eventRecord(cloud: Cloud, bucket: Bucket, event: ObjectEvent, configurationId: string) {
  const { request } = event;
  const requestId = request === "lifecycle" ? createRequestId(event) : request.id;
  return {
    eventVersion: EVENT_VERSION,
    eventSource: "aws:s3",
    awsRegion: cloud.region,
    eventTime: new Date(event.at).toISOString(),
    eventName: event.name,
    userIdentity: { principalId: request === "lifecycle" ? LIFECYCLE : principalId(cloud, request.principal) },
    requestParameters: { sourceIPAddress: request === "lifecycle" ? LIFECYCLE : "127.0.0.1" },
    responseElements: {
      "x-amz-request-id": requestId,
      "x-amz-id-2": createHash("sha512").update(requestId).digest("base64"),
    },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: cloud.accountId },
        arn: bucket.arn,
      },
      object: {
        key: urlEncoded(event.key),
        ...(event.size !== undefined && { size: event.size }),
        ...(event.etag !== undefined && { eTag: event.etag }),
        ...(event.versionId !== undefined && { versionId: event.versionId }),
        sequencer: event.sequencer,
      },
    },
    ...(event.storageClass !== undefined && {
      lifecycleEventData: { transitionEventData: { destinationStorageClass: event.storageClass } },
    }),
  };
}

/** Lifecycle work has no request; its id is as good as any other that stays the same for one event. */
const createRequestId = (event: ObjectEvent): string =>
  createHash("sha256").update(event.sequencer).digest("hex").slice(0, 16).toUpperCase();

function principalId(cloud: Cloud, principal: Principal): string {
  if (principal.kind === "role") {
    const id = createHash("sha256").update(principal.roleArn).digest("hex").slice(0, 17).toUpperCase();
    return `AWS:AROA${id}:${principal.sessionName}`;
  }
  if (principal.kind === "service") return principal.service;
  return principal.kind === "anonymous" ? "Anonymous" : `AWS:${cloud.accountId}`;
}

/** What a queue or topic gets when it is configured (Amazon S3 test event). */
export const testEvent = (cloud: Cloud, bucket: Bucket, requestId: string) => ({
  Service: "Amazon S3",
  Event: "s3:TestEvent",
  Time: new Date(cloud.clock.now()).toISOString(),
  Bucket: bucket.name,
  RequestId: requestId,
  HostId: createHash("sha512").update(requestId).digest("base64"),
});
