/** Where code, layers and definitions come from: S3, or a folder or file beside the template. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { inside, type Path } from "../template-error.ts";
import { compact, isFields, type Fields, type Value } from "../value.ts";
import { fieldsOf, invalid, type Lowering, type SamResource, textOf } from "./lowering.ts";

interface S3Location {
  readonly bucket: Value;
  readonly key: Value;
  readonly version: Value | undefined;
}

/** `s3://bucket/key?versionId=v` or `{ Bucket, Key, Version }`; undefined for anything else. */
export function s3Location(uri: Value | undefined): S3Location | undefined {
  if (isFields(uri) && uri["Bucket"] !== undefined && uri["Key"] !== undefined)
    return { bucket: uri["Bucket"], key: uri["Key"], version: uri["Version"] };
  const match = /^s3:\/\/([^/]+)\/([^?]+)(?:\?versionId=(.+))?$/.exec(textOf(uri) ?? "");
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { bucket: match[1], key: match[2], version: match[3] };
}

/** `Code` of AWS::Lambda::Function. A local folder is told to the Lambda service, which bundles it. Throws TemplateError. */
export function functionCode(lowering: Lowering, resource: SamResource): Fields {
  const { properties } = resource;
  const inline = properties["InlineCode"];
  if (inline !== undefined) return { ZipFile: inline };
  const s3 = s3Location(properties["CodeUri"]);
  if (s3) return compact({ S3Bucket: s3.bucket, S3Key: s3.key, S3ObjectVersion: s3.version });
  const path = inside(inside(resource.path, "Properties"), "CodeUri");
  if (properties["CodeUri"] === undefined)
    throw invalid(resource.id, "Either 'InlineCode' or 'CodeUri' must be set.", path);
  const { BuildMethod: buildMethod, BuildProperties: buildProperties } = resource.metadata;
  return {
    Local: compact({
      folder: localFolder(lowering, resource, properties["CodeUri"], path),
      buildMethod,
      buildProperties,
    }),
  };
}

/** `Content` of AWS::Lambda::LayerVersion. */
export function layerContent(lowering: Lowering, resource: SamResource): Fields {
  const uri = resource.properties["ContentUri"];
  const s3 = s3Location(uri);
  if (s3) return compact({ S3Bucket: s3.bucket, S3Key: s3.key, S3ObjectVersion: s3.version });
  const path = inside(inside(resource.path, "Properties"), "ContentUri");
  const { BuildMethod: buildMethod, BuildProperties: buildProperties } = resource.metadata;
  return { Local: compact({ folder: localFolder(lowering, resource, uri, path), buildMethod, buildProperties }) };
}

function localFolder(lowering: Lowering, resource: SamResource, uri: Value | undefined, path: Path): string {
  const location = textOf(uri);
  if (location === undefined || /^[a-z0-9]+:\/\//i.test(location))
    throw invalid(resource.id, `'${path.split(".").at(-1)}' must be an S3 location or a local folder`, path);
  const { folder } = lowering.options;
  if (folder === undefined)
    throw invalid(resource.id, `'${location}' is a local path, and the template comes without a folder`, path);
  return resolve(folder, location);
}

const SKIPPED = new Set(["node_modules", "coverage"]);

/**
 * Changes whenever the source in a local folder does; for S3 and inline code, whenever the template says so. What a bundle takes
 * from outside the folder does not count.
 */
export function codeFingerprint(code: Fields): string {
  const { Local: local } = code;
  const folder = textOf(fieldsOf(local)["folder"]);
  if (folder === undefined) return shaOfJson(code);
  const hash = createHash("sha1");
  for (const file of filesIn(folder)) hash.update(`${relative(folder, file)}\0`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 10);
}

function filesIn(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && !SKIPPED.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
    });
}

/** The ten hexadecimal digits that SAM puts behind logical ids: SHA-1 of the JSON text without spaces, keys sorted. */
export const shaOfJson = (value: Value): string =>
  createHash("sha1").update(sortedJson(value)).digest("hex").slice(0, 10);

export const sortedJson = (value: Value): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isFields(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
