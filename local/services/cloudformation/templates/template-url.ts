/** Where in S3 a TemplateURL points, whatever host and style it names: the bucket is one of the local cloud's. */
import { ServiceError } from "../../../core/errors.ts";

export interface TemplateLocation {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** Hosts such as `s3.amazonaws.com`, `s3.us-east-1.amazonaws.com`, `s3-eu-west-1.amazonaws.com`, with or without a bucket in front. */
const S3_HOST = /^(?:(?<bucket>.+)\.)?s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/;
const LOCAL_HOST = /^(?:(?<bucket>.+)\.)?(?:localhost|127\.0\.0\.1|\[::1\])$/;

/** Throws ValidationError for anything that is no object in S3. */
export function templateLocation(address: string): TemplateLocation {
  const url = URL.parse(address);
  const host = url && (S3_HOST.exec(url.hostname) ?? LOCAL_HOST.exec(url.hostname));
  if (!url || !host || !/^https?:$/.test(url.protocol)) throw unsupported();
  const [first = "", ...rest] = url.pathname.slice(1).split("/");
  const inHost = host.groups?.["bucket"];
  const bucket = inHost ?? decoded(first);
  const key = decoded(inHost === undefined ? rest.join("/") : [first, ...rest].join("/"));
  if (bucket === "" || key === "") throw unsupported();
  return { bucket, key, versionId: url.searchParams.get("versionId") ?? undefined };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unsupported();
  }
}

const unsupported = () => new ServiceError("ValidationError", "TemplateURL must be a supported URL.");
