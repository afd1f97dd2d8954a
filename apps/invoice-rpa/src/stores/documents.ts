/** The documents themselves: fingerprints, and the way into the archive. */
import { createHash } from "node:crypto";
import { CopyObjectCommand, DeleteObjectCommand, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";

export interface DocumentVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** SHA-256 of a document, in hexadecimal digits; read as a stream. */
export async function fingerprintOf({ bucket, key, versionId }: DocumentVersion): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  const hash = createHash("sha256");
  // In Node a body is a readable stream.
  for await (const chunk of (Body ?? []) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest("hex");
}

/** Copies this version into the archive and removes it, and no later one. Done before, it does nothing. */
export async function moveToArchive({ bucket, key, versionId }: DocumentVersion, archive: string): Promise<void> {
  try {
    await s3.send(
      new CopyObjectCommand({
        Bucket: archive,
        Key: key,
        CopySource: `${bucket}/${encodeURIComponent(key)}?versionId=${encodeURIComponent(versionId)}`,
        // Tags of the upload would ask for the right to read them.
        TaggingDirective: "REPLACE",
      }),
    );
  } catch (error) {
    // It was moved by a try whose answer got lost: then it is in the archive.
    if (!(error instanceof Error && /^(NoSuchVersion|NoSuchKey|NotFound)$/.test(error.name))) throw error;
    await s3.send(new HeadObjectCommand({ Bucket: archive, Key: key }));
  }
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
}
