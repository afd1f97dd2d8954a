import type { DeletedObject, _Error as DeleteError, ObjectIdentifier } from "@aws-sdk/client-s3";
import { isServiceError } from "../../../core/errors.ts";
import type { Call, Handler } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import { malformedXml, notImplemented } from "../errors.ts";
import { eTagRead } from "../object-permissions.ts";
import type { S3, Store } from "../store.ts";
import { checkDelete } from "./conditions.ts";
import { remove } from "./delete-object.ts";
import { checkedKey } from "./key.ts";

const MOST_KEYS = 1000;

/** Each key is deleted, or refused, by itself: a refusal becomes an entry of Errors and the rest goes on. */
export const deleteObjects =
  (store: Store): Handler<S3, "DeleteObjects"> =>
  (input, call) => {
    const bucket = store.bucket(input);
    const wanted = input.Delete?.Objects ?? [];
    if (wanted.length === 0 || wanted.length > MOST_KEYS) throw malformedXml();
    const deleted: DeletedObject[] = [];
    const errors: DeleteError[] = [];
    for (const object of wanted) {
      try {
        deleted.push(deleteOne(store, bucket, object, call));
      } catch (error) {
        if (!isServiceError(error)) throw error;
        errors.push({
          ...(object.Key !== undefined && { Key: object.Key }),
          ...(object.VersionId !== undefined && { VersionId: object.VersionId }),
          Code: error.name,
          Message: error.message,
        });
      }
    }
    return {
      ...(!input.Delete?.Quiet && deleted.length > 0 && { Deleted: deleted }),
      ...(errors.length > 0 && { Errors: errors }),
    };
  };

function deleteOne(store: Store, bucket: Bucket, object: ObjectIdentifier, call: Call): DeletedObject {
  const key = checkedKey(object.Key);
  const versionId = object.VersionId;
  if (object.LastModifiedTime ?? object.Size) throw notImplemented("conditions that only directory buckets have");
  const resource = `${bucket.arn}/${key}`;
  call.authorize({
    action: versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
    resource,
    context: {
      ...(versionId !== undefined && { "s3:versionid": versionId }),
      ...(object.ETag !== undefined && { "s3:if-match": object.ETag }),
    },
  });
  for (const permission of eTagRead(resource, object.ETag)) call.authorize(permission);
  checkDelete(bucket.contents.current(key), object.ETag);
  const removal = remove(store, bucket, key, versionId, call);
  return {
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
    ...(removal.isDeleteMarker && {
      DeleteMarker: true,
      ...(removal.versionId !== undefined && { DeleteMarkerVersionId: removal.versionId }),
    }),
  };
}
