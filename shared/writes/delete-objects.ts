/** Many objects, or versions of objects, of one bucket. */
import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { s3 } from "../clients/s3.ts";
import { writeAll } from "./write-all.ts";

export interface DoomedObject {
  readonly key: string;
  /** Removes this version for good. Without it a bucket with versions only gets a delete marker. */
  readonly versionId?: string;
}

/** Codes of `Errors[]` that come from load or from a fault of the service. */
const passing = new Set(["InternalError", "SlowDown", "ServiceUnavailable", "OperationAborted", "RequestTimeout"]);

/**
 * Removes objects, 1,000 a call. S3 answers 200 also when it removed none: what it names in `Errors[]` is tried again, or thrown as
 * EntriesLeft (`AccessDenied`). An object that is not there counts as removed.
 */
export async function deleteObjects(bucket: string, objects: readonly DoomedObject[]): Promise<void> {
  await writeAll(objects, {
    most: 1_000,
    async send(chunk) {
      const { Errors = [] } = await s3.send(
        new DeleteObjectsCommand({
          Bucket: bucket,
          Delete: {
            Quiet: true,
            Objects: chunk.map(({ key, versionId }) => ({
              Key: key,
              ...(versionId === undefined ? {} : { VersionId: versionId }),
            })),
          },
        }),
      );
      return Errors.map(({ Key = "", VersionId, Code = "Unknown" }) => ({
        entry: { key: Key, ...(VersionId ? { versionId: VersionId } : {}) },
        code: Code,
        isFinal: !passing.has(Code),
      }));
    },
  });
}
