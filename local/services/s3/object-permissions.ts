import type { Permission } from "../../core/principal.ts";
import { bucketArn } from "./buckets/bucket.ts";
import { readCopySource } from "./objects/copy-source.ts";
import { tagsOfHeader } from "./objects/tags.ts";
import type { Store } from "./store.ts";

/** An operation's input as the dispatcher hands it over. */
export type Asked = Readonly<Record<string, unknown>>;
export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Operations on an object and their action; with a version id the action is that of the version. */
const READS_AND_DELETES: Readonly<Record<string, readonly [current: string, version: string]>> = {
  GetObject: ["GetObject", "GetObjectVersion"],
  HeadObject: ["GetObject", "GetObjectVersion"],
  DeleteObject: ["DeleteObject", "DeleteObjectVersion"],
  GetObjectTagging: ["GetObjectTagging", "GetObjectVersionTagging"],
  PutObjectTagging: ["PutObjectTagging", "PutObjectVersionTagging"],
  DeleteObjectTagging: ["DeleteObjectTagging", "DeleteObjectVersionTagging"],
};

/** Undefined when the operation is not about an object. */
export function objectPermissions(store: Store, operation: string, input: Asked): readonly Permission[] | undefined {
  const bucket = text(input["Bucket"]) ?? "";
  const key = text(input["Key"]) ?? "";
  const resource = `${bucketArn(bucket)}/${key}`;
  const versionId = text(input["VersionId"]);
  const [current, version] = READS_AND_DELETES[operation] ?? [];
  if (current !== undefined) {
    const ifMatch = operation === "DeleteObject" ? text(input["IfMatch"]) : undefined;
    const context = {
      ...existingTags(store, bucket, key, versionId),
      ...(versionId !== undefined && { "s3:versionid": versionId }),
      ...(ifMatch !== undefined && { "s3:if-match": ifMatch }),
    };
    return [
      { action: `s3:${versionId === undefined ? current : version}`, resource, context },
      ...eTagRead(resource, ifMatch),
    ];
  }
  switch (operation) {
    case "GetObjectAttributes":
      return (
        versionId === undefined
          ? ["GetObject", "GetObjectAttributes"]
          : ["GetObjectVersion", "GetObjectVersionAttributes"]
      ).map((action) => ({ action: `s3:${action}`, resource }));
    case "PutObject":
    case "CreateMultipartUpload":
      return [put(resource, input), ...eTagRead(resource, text(input["IfMatch"])), ...tagging(resource, input)];
    case "UploadPart":
    case "CompleteMultipartUpload":
      return [put(resource, input), ...eTagRead(resource, text(input["IfMatch"]))];
    case "CopyObject":
      return [
        ...source(store, input),
        put(resource, input),
        ...eTagRead(resource, text(input["IfMatch"])),
        ...copiedTags(store, resource, input),
      ];
    case "UploadPartCopy":
      return [...source(store, input), put(resource, input)];
    case "AbortMultipartUpload":
      return [{ action: "s3:AbortMultipartUpload", resource }];
    case "ListParts":
      return [{ action: "s3:ListMultipartUploadParts", resource }];
    case "DeleteObjects":
      // Each key is decided on by itself, in the handler.
      return [];
    default:
      return undefined;
  }
}

/**
 * Whoever compares ETags learns them: If-Match also asks for the right to read the object ("How to prevent object overwrites
 * with conditional writes"). On a delete, `*` only asks whether there is one ("How to perform conditional deletes").
 */
export const eTagRead = (resource: string, ifMatch: string | undefined): readonly Permission[] =>
  ifMatch === undefined || ifMatch === "*" ? [] : [{ action: "s3:GetObject", resource }];

function existingTags(
  store: Store,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Record<string, string> {
  const contents = store.find(bucket)?.contents;
  const object = versionId === undefined ? contents?.latest(key) : contents?.find(key, versionId);
  return Object.fromEntries(
    Object.entries(object?.tags ?? {}).map(([name, value]) => [`s3:ExistingObjectTag/${name}`, value]),
  );
}

/** Members of a write by which policies decide. */
const CONDITIONS: Readonly<Record<string, string>> = {
  ACL: "s3:x-amz-acl",
  CopySource: "s3:x-amz-copy-source",
  MetadataDirective: "s3:x-amz-metadata-directive",
  ServerSideEncryption: "s3:x-amz-server-side-encryption",
  SSEKMSKeyId: "s3:x-amz-server-side-encryption-aws-kms-key-id",
  StorageClass: "s3:x-amz-storage-class",
  WebsiteRedirectLocation: "s3:x-amz-website-redirect-location",
  IfMatch: "s3:if-match",
  IfNoneMatch: "s3:if-none-match",
};

function put(resource: string, input: Asked): Permission {
  const given = Object.entries(CONDITIONS).flatMap(([member, key]) => {
    const value = text(input[member]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return { action: "s3:PutObject", resource, context: { ...Object.fromEntries(given), ...requestedTags(input) } };
}

function requestedTags(input: Asked): Readonly<Record<string, string | readonly string[]>> {
  const header = text(input["Tagging"]);
  if (!header) return {};
  const tags = tagsOfHeader(header);
  const byName = Object.entries(tags).map(([name, value]) => [`s3:RequestObjectTag/${name}`, value] as const);
  return { ...Object.fromEntries(byName), "s3:RequestObjectTagKeys": Object.keys(tags) };
}

const tagging = (resource: string, input: Asked): readonly Permission[] =>
  text(input["Tagging"]) ? [{ action: "s3:PutObjectTagging", resource, context: requestedTags(input) }] : [];

function source(store: Store, input: Asked): readonly Permission[] {
  const { bucket, key, versionId } = readCopySource(text(input["CopySource"]));
  store.bucket({ Bucket: bucket });
  const resource = `${bucketArn(bucket)}/${key}`;
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  return [{ action, resource, context: existingTags(store, bucket, key, versionId) }];
}

/** Tags that are copied must be readable at the source and writable at the target (CopyObject, Permissions). */
function copiedTags(store: Store, resource: string, input: Asked): readonly Permission[] {
  if (input["TaggingDirective"] === "REPLACE") return tagging(resource, input);
  const { bucket, key, versionId } = readCopySource(text(input["CopySource"]));
  if (Object.keys(existingTags(store, bucket, key, versionId)).length === 0) return [];
  const read = versionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
  return [
    { action: read, resource: `${bucketArn(bucket)}/${key}` },
    { action: "s3:PutObjectTagging", resource },
  ];
}
