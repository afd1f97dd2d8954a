/** Buckets and what lies in them. */
import type { ConsoleContext } from "../context.ts";
import { CONTENT_POLICY, SAFE_HEADERS } from "../guard.ts";
import { type Ask, notFound, optional, required, type Routes, Whole } from "../route.ts";
import { looksLikeText, pictureType } from "../content-kind.ts";

const PAGE = 200;
const VERSIONS = 100;
/** What is shown of a text. */
const PREVIEW_BYTES = 128 * 1024;
/** Larger pictures are offered for download only. */
const LARGEST_PICTURE = 20 * 1024 * 1024;

export function bucketRoutes(context: ConsoleContext): Routes {
  const objectOf = (ask: Ask) => {
    const version = optional(ask, "version");
    return { Bucket: required(ask, "bucket"), Key: required(ask, "key"), ...(version && { VersionId: version }) };
  };
  /** The bytes of an object from the start. */
  const bytesOf = async (ask: Ask, most: number): Promise<Buffer> => {
    const { ContentLength = 0 } = await context.read("s3", "HeadObject", objectOf(ask));
    if (ContentLength === 0) return Buffer.alloc(0);
    const { Body } = await context.read("s3", "GetObject", { ...objectOf(ask), Range: `bytes=0-${most - 1}` });
    return asBytes(Body);
  };

  return {
    "GET /buckets": async () => {
      const owners = context.owners();
      const { Buckets = [] } = await context.read("s3", "ListBuckets", {});
      return {
        buckets: Buckets.map(({ Name = "", CreationDate }) => ({
          name: Name,
          createdAt: CreationDate,
          owner: owners.get(Name),
        })),
      };
    },

    "GET /bucket": async (ask) => {
      const Bucket = required(ask, "name");
      const { Status } = await context.read("s3", "GetBucketVersioning", { Bucket });
      const notifications = await context.read("s3", "GetBucketNotificationConfiguration", { Bucket });
      const lifecycle = await context.readIfThere("s3", "GetBucketLifecycleConfiguration", { Bucket });
      return {
        name: Bucket,
        owner: context.owners().get(Bucket),
        versioning: Status ?? "Off",
        notifiesEventBridge: notifications.EventBridgeConfiguration !== undefined,
        notifies: [
          ...(notifications.LambdaFunctionConfigurations ?? []).map((to) => ({
            arn: to.LambdaFunctionArn,
            events: to.Events,
          })),
          ...(notifications.QueueConfigurations ?? []).map((to) => ({ arn: to.QueueArn, events: to.Events })),
          ...(notifications.TopicConfigurations ?? []).map((to) => ({ arn: to.TopicArn, events: to.Events })),
        ],
        lifecycleRules: lifecycle?.Rules?.length ?? 0,
      };
    },

    "GET /objects": async (ask) => {
      const prefix = ask.query.get("prefix") ?? "";
      const token = optional(ask, "token");
      const answer = await context.read("s3", "ListObjectsV2", {
        Bucket: required(ask, "bucket"),
        Prefix: prefix,
        Delimiter: "/",
        MaxKeys: PAGE,
        ...(token && { ContinuationToken: token }),
      });
      return {
        folders: (answer.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
        objects: (answer.Contents ?? []).map(({ Key, Size, LastModified }) => ({
          key: Key,
          size: Size,
          at: LastModified,
        })),
        token: answer.NextContinuationToken,
      };
    },

    "GET /object": async (ask) => {
      const input = objectOf(ask);
      // The latest version may be a delete marker: then there are only versions to show.
      const head = await context.readIfThere("s3", "HeadObject", input);
      const tags = head && (await context.readIfThere("s3", "GetObjectTagging", input));
      const { Versions = [], DeleteMarkers = [] } = await context.read("s3", "ListObjectVersions", {
        Bucket: input.Bucket,
        Prefix: input.Key,
        MaxKeys: VERSIONS,
      });
      const versions = [
        ...Versions.map((version) => ({ ...version, isDeleteMarker: false })),
        ...DeleteMarkers.map((marker) => ({ ...marker, Size: undefined, isDeleteMarker: true })),
      ].filter(({ Key }) => Key === input.Key);
      if (!head && versions.length === 0) throw notFound(`There is no object ${input.Key}`);
      return {
        isThere: head !== undefined,
        size: head?.ContentLength,
        type: head?.ContentType,
        encoding: head?.ContentEncoding,
        etag: head?.ETag,
        at: head?.LastModified,
        versionId: head?.VersionId,
        metadata: head?.Metadata ?? {},
        tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        versions: versions
          .map((version) => ({
            id: version.VersionId,
            at: version.LastModified,
            size: version.Size,
            isLatest: version.IsLatest ?? false,
            isDeleteMarker: version.isDeleteMarker,
          }))
          .sort((a, b) => Number(b.isLatest) - Number(a.isLatest) || Number(b.at ?? 0) - Number(a.at ?? 0)),
      };
    },

    "GET /object/preview": async (ask) => {
      const bytes = await bytesOf(ask, PREVIEW_BYTES);
      const { ContentLength = 0 } = await context.read("s3", "HeadObject", objectOf(ask));
      if (pictureType(bytes)) return { kind: ContentLength > LARGEST_PICTURE ? "binary" : "picture" };
      if (!looksLikeText(bytes)) return { kind: "binary" };
      return { kind: "text", text: bytes.toString(), isWhole: bytes.length >= ContentLength };
    },

    "GET /object/picture": async (ask) => {
      const bytes = await bytesOf(ask, LARGEST_PICTURE);
      const type = pictureType(bytes);
      if (!type) throw notFound("This object is no picture");
      return new Whole({
        status: 200,
        headers: { ...SAFE_HEADERS, "content-type": type, "content-security-policy": CONTENT_POLICY },
        body: bytes,
      });
    },

    /** Always as a file, never as a page of this origin. */
    "GET /object/download": async (ask) => {
      const input = objectOf(ask);
      const { Body } = await context.read("s3", "GetObject", input);
      const name = input.Key.split("/").findLast((part) => part !== "") ?? "object";
      return new Whole({
        status: 200,
        headers: {
          ...SAFE_HEADERS,
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`,
          "content-security-policy": CONTENT_POLICY,
        },
        body: asBytes(Body),
      });
    },

    "POST /object/upload": async (ask) => {
      await context.act("s3", "PutObject", {
        Bucket: required(ask, "bucket"),
        Key: required(ask, "key"),
        Body: ask.body,
        ContentType: optional(ask, "type") ?? "application/octet-stream",
      });
      return {};
    },

    "POST /object/delete": async (ask) => {
      await context.act("s3", "DeleteObject", objectOf(ask));
      return {};
    },
  };
}

/** Bodies of calls within the cloud are bytes, whatever the SDK's type says. */
const asBytes = (body: unknown): Buffer =>
  body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : Buffer.alloc(0);
