import type { Bucket } from "../buckets/bucket.ts";
import type { StoredObject } from "../objects/object-version.ts";
import { expiryOf } from "./rules.ts";

/** `x-amz-expiration` of the current object: when it expires, and by which rule; undefined when it does not. */
export function expirationHeader(bucket: Bucket, object: StoredObject): string | undefined {
  const { rules = [] } = bucket.record.lifecycle ?? {};
  if (rules.length === 0 || bucket.contents.latest(object.key) !== object) return undefined;
  const expiries = rules.flatMap((rule) => {
    const at = expiryOf(rule, object);
    return at === undefined ? [] : [{ at, id: rule.ID ?? "" }];
  });
  const [first] = expiries.sort((a, b) => a.at - b.at);
  return first && `expiry-date="${new Date(first.at).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"`;
}
