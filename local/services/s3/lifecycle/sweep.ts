/** The daily work of lifecycle rules on one bucket. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { Bucket } from "../buckets/bucket.ts";
import { remove } from "../objects/delete-object.ts";
import { isObject, type ObjectVersion, type StoredObject } from "../objects/object-version.ts";
import { eventOf } from "../objects/write.ts";
import type { Store } from "../store.ts";
import { expiryOf, isEnabled, midnightAfter, prefixOf, speaksOf } from "./rules.ts";

/** From cold to colder; a transition never goes back. */
const COLDNESS = [
  "STANDARD",
  "STANDARD_IA",
  "INTELLIGENT_TIERING",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
];

export function sweep(store: Store, bucket: Bucket, now: number): void {
  const rules = (bucket.record.lifecycle?.rules ?? []).filter(isEnabled);
  // Removing keys while walking over them is not safe: the walk is over a copy.
  const keys = [...bucket.contents.keys];
  for (const key of keys) {
    expireNoncurrent(store, bucket, key, rules, now);
    expireCurrent(store, bucket, key, rules, now);
    for (const version of bucket.contents.versions(key).filter(isObject))
      transition(store, bucket, version, rules, now);
  }
  abortUploads(store, bucket, rules, now);
}

function expireCurrent(store: Store, bucket: Bucket, key: string, rules: readonly LifecycleRule[], now: number): void {
  const latest = bucket.contents.latest(key);
  if (!latest) return;
  if (isObject(latest)) {
    if (rules.some((rule) => (expiryOf(rule, latest) ?? Infinity) <= now))
      remove(store, bucket, key, undefined, "lifecycle");
    return;
  }
  // A delete marker with nothing behind it has expired (Removing expired object delete markers).
  const isAlone = bucket.contents.versions(key).length === 1;
  const isUnwanted = rules.some(
    (rule) =>
      speaksOf(rule, latest) &&
      (rule.Expiration?.ExpiredObjectDeleteMarker === true ||
        (rule.Expiration?.Days !== undefined && midnightAfter(latest.modifiedAt, rule.Expiration.Days) <= now)),
  );
  if (isAlone && isUnwanted) remove(store, bucket, key, latest.versionId, "lifecycle");
}

function expireNoncurrent(
  store: Store,
  bucket: Bucket,
  key: string,
  rules: readonly LifecycleRule[],
  now: number,
): void {
  const versions = bucket.contents.versions(key);
  const expired = versions.filter((version, index) => {
    const successor = versions[index - 1];
    return successor && rules.some((rule) => isNoncurrentExpired(rule, version, index - 1, successor, now));
  });
  for (const version of expired) remove(store, bucket, key, version.versionId, "lifecycle");
}

/** `newer` is the number of noncurrent versions that are newer than this one. */
function isNoncurrentExpired(
  rule: LifecycleRule,
  version: ObjectVersion,
  newer: number,
  successor: ObjectVersion,
  now: number,
): boolean {
  const { NoncurrentDays: days, NewerNoncurrentVersions: kept = 0 } = rule.NoncurrentVersionExpiration ?? {};
  if (days === undefined || !speaksOf(rule, version) || newer < kept) return false;
  return midnightAfter(successor.modifiedAt, days) <= now;
}

function transition(
  store: Store,
  bucket: Bucket,
  version: StoredObject,
  rules: readonly LifecycleRule[],
  now: number,
): void {
  const versions = bucket.contents.versions(version.key);
  const place = versions.indexOf(version);
  const successor = versions[place - 1];
  const due = rules
    .filter((rule) => speaksOf(rule, version))
    .flatMap((rule) =>
      successor
        ? (rule.NoncurrentVersionTransitions ?? [])
            .filter(({ NewerNoncurrentVersions: kept = 0 }) => place - 1 >= kept)
            .map((step) => ({
              to: step.StorageClass,
              at: midnightAfter(successor.modifiedAt, step.NoncurrentDays ?? 0),
            }))
        : (rule.Transitions ?? []).map((step) => ({
            to: step.StorageClass,
            at: step.Date?.getTime() ?? midnightAfter(version.modifiedAt, step.Days ?? 0),
          })),
    )
    .filter(({ at }) => at <= now)
    .map(({ to }) => to ?? "STANDARD")
    .sort((a, b) => COLDNESS.indexOf(b) - COLDNESS.indexOf(a));
  const [coldest] = due;
  const { attributes } = version;
  if (coldest === undefined || COLDNESS.indexOf(coldest) <= COLDNESS.indexOf(attributes.storageClass)) return;
  const moved = bucket.contents.amend(version, { attributes: { ...attributes, storageClass: coldest } });
  const event = eventOf(bucket, moved, "LifecycleTransition", "lifecycle");
  store.notifier.announce(bucket, { ...event, at: now, storageClass: coldest });
}

function abortUploads(store: Store, bucket: Bucket, rules: readonly LifecycleRule[], now: number): void {
  for (const upload of store.uploads.of(bucket.name)) {
    const isOld = rules.some((rule) => {
      const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      if (days === undefined || !upload.record.key.startsWith(prefixOf(rule))) return false;
      return midnightAfter(upload.record.initiatedAt, days) <= now;
    });
    if (isOld) store.uploads.end(upload, new Set());
  }
}
