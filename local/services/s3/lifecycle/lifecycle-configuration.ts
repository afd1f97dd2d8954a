import type { LifecycleRule, Transition } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { invalidArgument, invalidRequest, malformedXml, notConfigured } from "../errors.ts";
import type { S3, Store } from "../store.ts";
import type { LifecycleTimer } from "./timer.ts";

const MOST_RULES = 1000;
const DAY = 86_400_000;

export const getBucketLifecycleConfiguration =
  (store: Store): Handler<S3, "GetBucketLifecycleConfiguration"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (!record.lifecycle) {
      throw notConfigured("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", name);
    }
    return {
      Rules: [...record.lifecycle.rules],
      TransitionDefaultMinimumObjectSize: record.lifecycle.smallestTransition,
    };
  };

export const putBucketLifecycleConfiguration =
  (store: Store, timer: LifecycleTimer): Handler<S3, "PutBucketLifecycleConfiguration"> =>
  (input) => {
    const bucket = store.bucket(input);
    const rules = input.LifecycleConfiguration?.Rules ?? [];
    if (rules.length === 0 || rules.length > MOST_RULES) throw malformedXml();
    const named = rules.map((rule) => ({ ...rule, ID: rule.ID ?? store.cloud.uuid() }));
    if (new Set(named.map(({ ID }) => ID)).size < named.length) {
      throw invalidArgument("Rule ID must be unique. Found same ID for more than one rule", "ID");
    }
    named.forEach(checkRule);
    const smallestTransition = input.TransitionDefaultMinimumObjectSize ?? "all_storage_classes_128K";
    store.configure(bucket, { lifecycle: { rules: named, smallestTransition } });
    timer.arm();
    return { TransitionDefaultMinimumObjectSize: smallestTransition };
  };

export const deleteBucketLifecycle =
  (store: Store): Handler<S3, "DeleteBucketLifecycle"> =>
  (input) => {
    store.configure(store.bucket(input), { lifecycle: undefined });
    return {};
  };

function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== "Enabled" && rule.Status !== "Disabled") throw malformedXml();
  if ((rule.ID?.length ?? 0) > 255) throw invalidArgument("ID length should not exceed allowed limit of 255", "ID");
  if (rule.Filter === undefined && rule.Prefix === undefined) throw malformedXml();
  const { Transitions: transitions = [], NoncurrentVersionTransitions: noncurrent = [] } = rule;
  const actions = [
    rule.Expiration,
    rule.NoncurrentVersionExpiration,
    rule.AbortIncompleteMultipartUpload,
    ...transitions,
    ...noncurrent,
  ];
  if (actions.every((action) => action === undefined)) {
    throw invalidRequest("At least one action needs to be specified in a rule");
  }
  checkExpiration(rule);
  const { NoncurrentDays: days, NewerNoncurrentVersions: kept } = rule.NoncurrentVersionExpiration ?? {};
  if (rule.NoncurrentVersionExpiration) checkDays("NoncurrentDays", "NoncurrentVersionExpiration", days ?? 0);
  if (kept !== undefined && (kept < 1 || kept > 100)) {
    throw invalidArgument(
      "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be an integer between 1 and 100",
    );
  }
  const abort = rule.AbortIncompleteMultipartUpload;
  if (abort) checkDays("DaysAfterInitiation", "AbortIncompleteMultipartUpload", abort.DaysAfterInitiation ?? 0);
  if (abort && (rule.Filter?.Tag ?? rule.Filter?.And?.Tags)) {
    throw invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.");
  }
  for (const transition of transitions) checkTransition(transition);
}

function checkExpiration({ Expiration: expiration }: LifecycleRule): void {
  if (!expiration) return;
  const { Days: days, Date: date, ExpiredObjectDeleteMarker: marker } = expiration;
  if ([days, date, marker].filter((value) => value !== undefined).length !== 1) throw malformedXml();
  if (days !== undefined) checkDays("Days", "Expiration", days);
  if (date && date.getTime() % DAY !== 0) throw invalidArgument("'Date' must be at midnight GMT");
}

function checkTransition({ Days: days, Date: date }: Transition): void {
  if ((days === undefined) === (date === undefined)) throw malformedXml();
  if (days !== undefined && days < 0) {
    throw invalidArgument("'Days' in Transition action must be nonnegative");
  }
  if (date && date.getTime() % DAY !== 0) throw invalidArgument("'Date' must be at midnight GMT");
}

function checkDays(name: string, action: string, days: number): void {
  if (Number.isInteger(days) && days > 0) return;
  throw invalidArgument(`'${name}' for ${action} action must be a positive integer`);
}
