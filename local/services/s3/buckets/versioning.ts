import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { malformedXml, notImplemented } from "../errors.ts";
import type { S3, Store } from "../store.ts";

export const getBucketVersioning =
  (store: Store): Handler<S3, "GetBucketVersioning"> =>
  (input) => {
    const { versioning } = store.bucket(input).record;
    return versioning === undefined ? {} : { Status: versioning };
  };

export const putBucketVersioning =
  (store: Store): Handler<S3, "PutBucketVersioning"> =>
  (input) => {
    const bucket = store.bucket(input);
    const { Status: status, MFADelete: mfaDelete } = input.VersioningConfiguration ?? {};
    if (mfaDelete === "Enabled") throw notImplemented("MFA delete");
    if (status === undefined) {
      throw new ServiceError("IllegalVersioningConfigurationException", "The Versioning element must be specified", {
        status: 400,
      });
    }
    if (status !== "Enabled" && status !== "Suspended") throw malformedXml();
    store.configure(bucket, { versioning: status });
    return {};
  };
