/** What people are told: in a mail with what they need to find the file, in an SMS with what fits. */
import type { S3Event } from "#shared/events/s3";

export interface News {
  /** ASCII, one line, at most 100 characters (Publish, Subject). */
  readonly subject: string;
  readonly mail: string;
  /** One SMS: 160 characters of ASCII, 70 of anything else. */
  readonly sms: string;
}

const VERBS: Readonly<Partial<Record<S3Event["kind"], string>>> = {
  created: "was uploaded",
  removed: "was removed",
  restored: "was restored from the archive",
};
const ONE_SMS = 160;
const ONE_SMS_UNICODE = 70;
const LONGEST_SUBJECT = 100;
const LONGEST_NAME = 500;

/** Undefined for what is no news. */
export function newsOf({ bucket, key, kind, size, time, versionId }: S3Event): News | undefined {
  const verb = VERBS[kind];
  if (verb === undefined) return undefined;
  // People choose keys: none may look like a line, or a header, of ours.
  const name = shortened(oneLine(key), LONGEST_NAME);
  const file = shortened(name.slice(name.lastIndexOf("/") + 1) || name, 60);
  const sizeLine = size === undefined ? [] : [`Size:    ${sizeOf(size)}`];
  const versionLine = versionId === undefined ? [] : [`Version: ${versionId}`];
  return {
    subject: shortened(`${file} ${verb}`.replaceAll(/[^\x20-\x7e]/g, "?"), LONGEST_SUBJECT, "..."),
    mail: [
      `${file} ${verb}.`,
      "",
      `Key:     ${name}`,
      `Bucket:  ${bucket}`,
      ...sizeLine,
      ...versionLine,
      `When:    ${time}`,
      "",
    ].join("\n"),
    sms: smsOf(file, verb, size),
  };
}

function smsOf(file: string, verb: string, size: number | undefined): string {
  const rest = ` ${verb}${size === undefined ? "" : ` (${sizeOf(size)})`}`;
  const isPlain = /^[\x20-\x7e]*$/.test(file);
  const room = (isPlain ? ONE_SMS : ONE_SMS_UNICODE) - rest.length;
  return `${shortened(file, room, isPlain ? "..." : "…")}${rest}`;
}

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");

/** By UTF-16 code units, as SMS counts; no half of a pair is left. */
const shortened = (text: string, most: number, mark = "…"): string =>
  text.length <= most
    ? text
    : `${text.slice(0, Math.max(0, most - mark.length)).replace(/[\ud800-\udbff]$/, "")}${mark}`;

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
