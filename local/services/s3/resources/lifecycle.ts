/** `LifecycleConfiguration` of AWS::S3::Bucket, in the words of the API. */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { z } from "zod";

const count = z.coerce.number();
const moment = z.union([z.date(), z.string()]).transform((value) => new Date(value));

const Transition = z
  .object({ StorageClass: z.string(), TransitionInDays: count.optional(), TransitionDate: moment.optional() })
  .transform(({ StorageClass, TransitionInDays: Days, TransitionDate: Date }) => ({ StorageClass, Days, Date }));

const NoncurrentTransition = z
  .object({ StorageClass: z.string(), TransitionInDays: count, NewerNoncurrentVersions: count.optional() })
  .transform(({ StorageClass, TransitionInDays: NoncurrentDays, NewerNoncurrentVersions }) => ({
    StorageClass,
    NoncurrentDays,
    NewerNoncurrentVersions,
  }));

const Rule = z.object({
  Id: z.string().optional(),
  Status: z.string(),
  Prefix: z.string().optional(),
  TagFilters: z.array(z.object({ Key: z.string(), Value: z.coerce.string() })).optional(),
  ObjectSizeGreaterThan: count.optional(),
  ObjectSizeLessThan: count.optional(),
  ExpirationInDays: count.optional(),
  ExpirationDate: moment.optional(),
  ExpiredObjectDeleteMarker: z.union([z.boolean(), z.stringbool()]).optional(),
  NoncurrentVersionExpiration: z
    .object({ NoncurrentDays: count, NewerNoncurrentVersions: count.optional() })
    .optional(),
  NoncurrentVersionExpirationInDays: count.optional(),
  AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: count }).optional(),
  Transition: Transition.optional(),
  Transitions: z.array(Transition).optional(),
  NoncurrentVersionTransition: NoncurrentTransition.optional(),
  NoncurrentVersionTransitions: z.array(NoncurrentTransition).optional(),
});

export const LifecycleConfiguration = z.object({
  Rules: z.array(Rule),
  TransitionDefaultMinimumObjectSize: z.string().optional(),
});

export const KNOWN_LIFECYCLE = {
  Rules: [Object.fromEntries(Object.keys(Rule.shape).map((name) => [name, true] as const))],
  TransitionDefaultMinimumObjectSize: true,
} as const;

/** One rule of the API. */
export function lifecycleRule(rule: z.infer<typeof Rule>): LifecycleRule {
  const transitions = [...(rule.Transitions ?? []), ...(rule.Transition ? [rule.Transition] : [])];
  const noncurrent = [
    ...(rule.NoncurrentVersionTransitions ?? []),
    ...(rule.NoncurrentVersionTransition ? [rule.NoncurrentVersionTransition] : []),
  ];
  const days = rule.NoncurrentVersionExpirationInDays;
  const lapse = rule.NoncurrentVersionExpiration ?? (days === undefined ? undefined : { NoncurrentDays: days });
  const expiration = {
    Days: rule.ExpirationInDays,
    Date: rule.ExpirationDate,
    ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
  };
  // Statuses and storage classes are checked by the operation that takes the rule: hence the cast.
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: filterOf(rule),
    ...(Object.values(expiration).some((value) => value !== undefined) && { Expiration: expiration }),
    ...(lapse && { NoncurrentVersionExpiration: lapse }),
    ...(rule.AbortIncompleteMultipartUpload && {
      AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    }),
    ...(transitions.length > 0 && { Transitions: transitions }),
    ...(noncurrent.length > 0 && { NoncurrentVersionTransitions: noncurrent }),
  } as LifecycleRule;
}

function filterOf(rule: z.infer<typeof Rule>): LifecycleRule["Filter"] {
  const { Prefix, TagFilters: Tags, ObjectSizeGreaterThan, ObjectSizeLessThan } = rule;
  if ((Tags ?? ObjectSizeGreaterThan ?? ObjectSizeLessThan) === undefined) return { Prefix: Prefix ?? "" };
  return { And: { Prefix, Tags, ObjectSizeGreaterThan, ObjectSizeLessThan } };
}
