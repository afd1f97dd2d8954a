/** An event as EventBridge gets it (EventBridge event message structure, Amazon S3 User Guide). Keys are not encoded. */
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { Cloud } from "../../../core/cloud.ts";
import type { Bucket } from "../buckets/bucket.ts";
import type { ObjectEvent } from "./object-event.ts";

const LIFECYCLE = "s3.amazonaws.com";
const PERMANENTLY = { "deletion-type": "Permanently Deleted" };
const BY_MARKER = { "deletion-type": "Delete Marker Created" };

const KINDS: Readonly<Record<ObjectEvent["name"], { type: string; more: Readonly<Record<string, string>> }>> = {
  "ObjectCreated:Put": { type: "Object Created", more: { reason: "PutObject" } },
  "ObjectCreated:Copy": { type: "Object Created", more: { reason: "CopyObject" } },
  "ObjectCreated:CompleteMultipartUpload": { type: "Object Created", more: { reason: "CompleteMultipartUpload" } },
  "ObjectRemoved:Delete": { type: "Object Deleted", more: { reason: "DeleteObject", ...PERMANENTLY } },
  "ObjectRemoved:DeleteMarkerCreated": { type: "Object Deleted", more: { reason: "DeleteObject", ...BY_MARKER } },
  "LifecycleExpiration:Delete": { type: "Object Deleted", more: { reason: "Lifecycle Expiration", ...PERMANENTLY } },
  "LifecycleExpiration:DeleteMarkerCreated": {
    type: "Object Deleted",
    more: { reason: "Lifecycle Expiration", ...BY_MARKER },
  },
  LifecycleTransition: { type: "Object Storage Class Changed", more: {} },
  "ObjectTagging:Put": { type: "Object Tags Added", more: {} },
  "ObjectTagging:Delete": { type: "Object Tags Deleted", more: {} },
};

export function eventBridgeEntry(cloud: Cloud, bucket: Bucket, event: ObjectEvent): PutEventsRequestEntry {
  const { type, more } = KINDS[event.name];
  const { request } = event;
  return {
    Source: "aws.s3",
    DetailType: type,
    Time: new Date(event.at),
    Resources: [bucket.arn],
    Detail: JSON.stringify({
      version: "0",
      "event-version": "1.0",
      bucket: { name: bucket.name },
      object: {
        key: event.key,
        ...(event.size !== undefined && { size: event.size }),
        ...(event.etag !== undefined && { etag: event.etag }),
        ...(event.versionId !== undefined && { "version-id": event.versionId }),
        sequencer: event.sequencer,
      },
      "request-id": request === "lifecycle" ? event.sequencer : request.id,
      requester:
        request === "lifecycle"
          ? LIFECYCLE
          : request.principal.kind === "service"
            ? request.principal.service
            : cloud.accountId,
      ...(request !== "lifecycle" && { "source-ip-address": "127.0.0.1" }),
      ...(event.storageClass !== undefined && { "destination-storage-class": event.storageClass }),
      ...more,
    }),
  };
}
