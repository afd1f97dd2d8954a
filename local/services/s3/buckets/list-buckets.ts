import type { Handler } from "../../../core/service.ts";
import { invalidArgument } from "../errors.ts";
import type { S3, Store } from "../store.ts";

const MOST_BUCKETS = 10_000;

export const listBuckets =
  (store: Store): Handler<S3, "ListBuckets"> =>
  (input) => {
    const { MaxBuckets: most = MOST_BUCKETS, Prefix: prefix = "", ContinuationToken: token } = input;
    if (most < 1 || most > MOST_BUCKETS) {
      throw invalidArgument("Argument max-buckets must be an integer between 1 and 10000", "max-buckets", most);
    }
    const after = token === undefined ? "" : Buffer.from(token, "base64").toString();
    const isHere = input.BucketRegion === undefined || input.BucketRegion === store.cloud.region;
    const rest = store.buckets().filter(({ name }) => isHere && name.startsWith(prefix) && name > after);
    const page = rest.slice(0, most);
    const last = page.at(-1);
    return {
      Owner: { ID: store.cloud.accountId },
      ...(input.Prefix !== undefined && { Prefix: prefix }),
      ...(last && page.length < rest.length && { ContinuationToken: Buffer.from(last.name).toString("base64") }),
      Buckets: page.map(({ name, arn, record }) => ({
        Name: name,
        CreationDate: new Date(record.createdAt),
        BucketRegion: store.cloud.region,
        BucketArn: arn,
      })),
    };
  };

export const headBucket =
  (store: Store): Handler<S3, "HeadBucket"> =>
  (input) => {
    const { arn } = store.bucket(input);
    return { BucketRegion: store.cloud.region, BucketArn: arn, AccessPointAlias: false };
  };

export const getBucketLocation =
  (store: Store): Handler<S3, "GetBucketLocation"> =>
  (input) => {
    store.bucket(input);
    const { region } = store.cloud;
    // The first region has no name here. The cast names a value of the enum of regions.
    return region === "us-east-1" ? {} : { LocationConstraint: region as "us-west-2" };
  };
