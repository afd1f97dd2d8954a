/** Something that happened to an object, before it is put into the words of a target. */
import type { Call } from "../../../core/service.ts";
import type { Principal } from "../../../core/principal.ts";

export interface ObjectEvent {
  readonly name:
    | "ObjectCreated:Put"
    | "ObjectCreated:Copy"
    | "ObjectCreated:CompleteMultipartUpload"
    | "ObjectRemoved:Delete"
    | "ObjectRemoved:DeleteMarkerCreated"
    | "ObjectTagging:Put"
    | "ObjectTagging:Delete"
    | "LifecycleExpiration:Delete"
    | "LifecycleExpiration:DeleteMarkerCreated"
    | "LifecycleTransition";
  readonly key: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly sequencer: string;
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Undefined in buckets without versioning. */
  readonly versionId: string | undefined;
  readonly storageClass?: string;
  readonly request: RequestOrigin | "lifecycle";
}

export interface RequestOrigin {
  readonly id: string;
  readonly principal: Principal;
  /** `X-Amzn-Trace-Id`: by the lineage in it Lambda sees that a function caused its own event. */
  readonly traceHeader: string | undefined;
}

export const requestOf = (call: Call): RequestOrigin => ({
  id: call.requestId,
  principal: call.principal,
  traceHeader: call.headers["x-amzn-trace-id"],
});
