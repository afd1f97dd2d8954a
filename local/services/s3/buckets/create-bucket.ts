import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { accessDenied, invalidRequest, notImplemented } from "../errors.ts";
import { MOST_BUCKET_TAGS, tagsOf } from "../objects/tags.ts";
import type { S3, Store } from "../store.ts";
import { DEFAULT_ENCRYPTION } from "./encryption.ts";
import { checkBucketName } from "./bucket-name.ts";

const BLOCK_ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** New buckets are private in every respect (Default settings for new S3 buckets). */
export const createBucket =
  (store: Store): Handler<S3, "CreateBucket"> =>
  (input, call) => {
    if (call.principal.kind === "anonymous") throw accessDenied();
    const { Bucket: name = "", CreateBucketConfiguration: configuration } = input;
    checkBucketName(name);
    if (input.ObjectLockEnabledForBucket) throw notImplemented("Object Lock");
    if (configuration?.Bucket ?? configuration?.Location) throw notImplemented("directory buckets");
    if (input.ACL !== undefined && input.ACL !== "private") {
      if ((input.ObjectOwnership ?? "BucketOwnerEnforced") !== "BucketOwnerEnforced")
        throw notImplemented("access control lists");
      throw invalidRequest("Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
    }
    const { region } = store.cloud;
    checkLocation(configuration?.LocationConstraint, region);
    const location = { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
    if (store.find(name)) {
      // For old clients' sake the first region answers as if it had been made now (CreateBucket, BucketAlreadyOwnedByYou).
      if (region === "us-east-1") return location;
      throw new ServiceError(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        { status: 409, detail: { BucketName: name } },
      );
    }
    store.create({
      name,
      createdAt: store.cloud.clock.now(),
      versioning: undefined,
      tags: configuration?.Tags?.length ? tagsOf(configuration.Tags, MOST_BUCKET_TAGS) : undefined,
      policy: undefined,
      encryption: DEFAULT_ENCRYPTION,
      publicAccessBlock: BLOCK_ALL,
      ownership: { Rules: [{ ObjectOwnership: input.ObjectOwnership ?? "BucketOwnerEnforced" }] },
      cors: undefined,
      lifecycle: undefined,
      notification: {},
      website: undefined,
      logging: undefined,
    });
    return location;
  };

function checkLocation(constraint: string | undefined, region: string): void {
  if (region === "us-east-1" ? constraint === undefined : constraint === region) return;
  if (constraint === "us-east-1") {
    throw new ServiceError("InvalidLocationConstraint", "The specified location-constraint is not valid", {
      status: 400,
      detail: { LocationConstraint: constraint },
    });
  }
  throw new ServiceError(
    "IllegalLocationConstraintException",
    `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    { status: 400 },
  );
}
