/** Website hosting and access logs: configurations that are kept and answered; deployments set them. */
import type { Handler } from "../../../core/service.ts";
import { invalidArgument, malformedXml, notConfigured } from "../errors.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { S3, Store } from "../store.ts";

export const getBucketWebsite =
  (store: Store): Handler<S3, "GetBucketWebsite"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (record.website) return { ...record.website };
    throw notConfigured(
      "NoSuchWebsiteConfiguration",
      "The specified bucket does not have a website configuration",
      name,
    );
  };

export const putBucketWebsite =
  (store: Store): Handler<S3, "PutBucketWebsite"> =>
  (input) => {
    const bucket = store.bucket(input);
    const website = input.WebsiteConfiguration;
    if (!website) throw malformedXml();
    const { IndexDocument: index, RedirectAllRequestsTo: redirect } = website;
    if (!redirect && index?.Suffix === undefined) {
      throw invalidArgument(
        "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
        "IndexDocument",
        "null",
      );
    }
    if (index?.Suffix === "" || index?.Suffix?.includes("/")) {
      throw invalidArgument("The IndexDocument Suffix is not well formed", "IndexDocument", index.Suffix);
    }
    store.configure(bucket, { website });
    return {};
  };

export const deleteBucketWebsite =
  (store: Store): Handler<S3, "DeleteBucketWebsite"> =>
  (input) => {
    store.configure(store.bucket(input), { website: undefined });
    return {};
  };

export const getBucketLogging =
  (store: Store): Handler<S3, "GetBucketLogging"> =>
  (input) => {
    const { logging } = store.bucket(input).record;
    return logging ? { LoggingEnabled: logging } : {};
  };

export const putBucketLogging =
  (store: Store): Handler<S3, "PutBucketLogging"> =>
  (input) => {
    const bucket = store.bucket(input);
    const logging = input.BucketLoggingStatus?.LoggingEnabled;
    if (logging && !store.find(logging.TargetBucket)) {
      throw new ServiceError("InvalidTargetBucketForLogging", "The target bucket for logging does not exist", {
        status: 400,
        detail: { TargetBucket: logging.TargetBucket },
      });
    }
    store.configure(bucket, { logging });
    return {};
  };
