/** Amazon S3. */
import * as sdk from "@aws-sdk/client-s3";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { bucketHandlers } from "./buckets/handlers.ts";
import {
  deleteBucketLifecycle,
  getBucketLifecycleConfiguration,
  putBucketLifecycleConfiguration,
} from "./lifecycle/lifecycle-configuration.ts";
import { LifecycleTimer } from "./lifecycle/timer.ts";
import { listObjectVersions } from "./listing/list-object-versions.ts";
import { listObjects, listObjectsV2 } from "./listing/list-objects.ts";
import { abortMultipartUpload } from "./multipart/abort-multipart-upload.ts";
import { completeMultipartUpload } from "./multipart/complete-multipart-upload.ts";
import { createMultipartUpload } from "./multipart/create-multipart-upload.ts";
import { listMultipartUploads } from "./multipart/list-multipart-uploads.ts";
import { listParts } from "./multipart/list-parts.ts";
import { uploadPart, uploadPartCopy } from "./multipart/upload-part.ts";
import {
  getBucketNotificationConfiguration,
  putBucketNotificationConfiguration,
} from "./notifications/notification-configuration.ts";
import { copyObject } from "./objects/copy-object.ts";
import { deleteObject } from "./objects/delete-object.ts";
import { deleteObjects } from "./objects/delete-objects.ts";
import { getObjectAttributes } from "./objects/get-object-attributes.ts";
import { getObject, headObject } from "./objects/get-object.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./objects/object-tagging.ts";
import { putObject } from "./objects/put-object.ts";
import { permissionsOf, policyOf } from "./permissions.ts";
import { resourcesOf } from "./resources/index.ts";
import { Store } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const store = new Store(cloud);
  const timer = new LifecycleTimer(store);
  return {
    sdk,
    handlers: {
      ...bucketHandlers(store),
      AbortMultipartUpload: abortMultipartUpload(store),
      CompleteMultipartUpload: completeMultipartUpload(store),
      CopyObject: copyObject(store),
      CreateMultipartUpload: createMultipartUpload(store),
      DeleteBucketLifecycle: deleteBucketLifecycle(store),
      DeleteObject: deleteObject(store),
      DeleteObjectTagging: deleteObjectTagging(store),
      DeleteObjects: deleteObjects(store),
      GetBucketLifecycleConfiguration: getBucketLifecycleConfiguration(store),
      GetBucketNotificationConfiguration: getBucketNotificationConfiguration(store),
      GetObject: getObject(store),
      GetObjectAttributes: getObjectAttributes(store),
      GetObjectTagging: getObjectTagging(store),
      HeadObject: headObject(store),
      ListMultipartUploads: listMultipartUploads(store),
      ListObjectVersions: listObjectVersions(store),
      ListObjects: listObjects(store),
      ListObjectsV2: listObjectsV2(store),
      ListParts: listParts(store),
      PutBucketLifecycleConfiguration: putBucketLifecycleConfiguration(store, timer),
      PutBucketNotificationConfiguration: putBucketNotificationConfiguration(store),
      PutObject: putObject(store),
      PutObjectTagging: putObjectTagging(store),
      UploadPart: uploadPart(store),
      UploadPartCopy: uploadPartCopy(store),
    },
    permissions: (operation, input) => permissionsOf(store, operation, input),
    resourcePolicy: (arn) => policyOf(store, arn),
    resources: resourcesOf(cloud),
    resume() {
      timer.arm();
      store.notifier.resume();
    },
    stop: () => timer.stop(),
  };
}
