/** What lifecycle rules say of a version (Lifecycle configuration elements, Amazon S3 User Guide). */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { ObjectVersion, Tags } from "../objects/object-version.ts";

const DAY = 86_400_000;

/** Rules act at midnight UTC: days are added to a moment and rounded up to the next midnight. */
export const midnightAfter = (moment: number, days: number): number => Math.ceil((moment + days * DAY) / DAY) * DAY;

export const isEnabled = (rule: LifecycleRule): boolean => rule.Status === "Enabled";

export const prefixOf = (rule: LifecycleRule): string =>
  rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix ?? rule.Prefix ?? "";

/** Whether a rule speaks of a version. Delete markers have neither tags nor size. */
export function speaksOf(rule: LifecycleRule, version: ObjectVersion): boolean {
  if (!isEnabled(rule) || !version.key.startsWith(prefixOf(rule))) return false;
  const { Filter: filter } = rule;
  const tags = [...(filter?.And?.Tags ?? []), ...(filter?.Tag ? [filter.Tag] : [])];
  const above = filter?.And?.ObjectSizeGreaterThan ?? filter?.ObjectSizeGreaterThan;
  const below = filter?.And?.ObjectSizeLessThan ?? filter?.ObjectSizeLessThan;
  if (!version.content) return tags.length === 0 && above === undefined && below === undefined;
  const { size } = version.content;
  return (
    tags.every(({ Key = "", Value = "" }) => has(version.tags, Key, Value)) &&
    (above === undefined || size > above) &&
    (below === undefined || size < below)
  );
}

const has = (tags: Tags, key: string, value: string): boolean => Object.hasOwn(tags, key) && tags[key] === value;

/** When the current object expires by a rule; undefined when the rule does not say. */
export function expiryOf(rule: LifecycleRule, object: ObjectVersion): number | undefined {
  if (!speaksOf(rule, object) || !object.content) return undefined;
  const { Days: days, Date: date } = rule.Expiration ?? {};
  if (days !== undefined) return midnightAfter(object.modifiedAt, days);
  return date?.getTime();
}
