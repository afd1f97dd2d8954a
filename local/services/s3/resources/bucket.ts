/** AWS::S3::Bucket. */
import type { Tag } from "@aws-sdk/client-s3";
import { ZodError } from "zod";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type {
  KnownProperties,
  Properties,
  ResourceContext,
  ResourceProvider,
  ResourceState,
} from "../../../core/service.ts";
import { unlessBucketGone } from "./bucket-policy.ts";
import { KNOWN_LIFECYCLE } from "./lifecycle.ts";
import { KNOWN_NOTIFICATION } from "./notification.ts";
import { SECTIONS } from "./sections.ts";

const KNOWN: KnownProperties = {
  BucketName: true,
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: true, KMSMasterKeyID: true }, BucketKeyEnabled: true },
    ],
  },
  CorsConfiguration: {
    CorsRules: [
      {
        AllowedHeaders: true,
        AllowedMethods: true,
        AllowedOrigins: true,
        ExposedHeaders: true,
        Id: true,
        MaxAge: true,
      },
    ],
  },
  LifecycleConfiguration: KNOWN_LIFECYCLE,
  LoggingConfiguration: { DestinationBucketName: true, LogFilePrefix: true },
  NotificationConfiguration: KNOWN_NOTIFICATION,
  OwnershipControls: { Rules: [{ ObjectOwnership: true }] },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  Tags: [{ Key: true, Value: true }],
  VersioningConfiguration: { Status: true },
  WebsiteConfiguration: {
    ErrorDocument: true,
    IndexDocument: true,
    RedirectAllRequestsTo: true,
    RoutingRules: [{ RedirectRule: true, RoutingRuleCondition: true }],
  },
};

export const bucketProvider = (cloud: Cloud): ResourceProvider => ({
  known: KNOWN,
  async create(properties, context) {
    const name = nameOf(properties) ?? context.physicalName(63, { lowercase: true });
    await refuseExisting(cloud, name);
    const { region } = cloud;
    const location =
      region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "us-west-2" } };
    await cloud.call("s3", "CreateBucket", { Bucket: name, ...location }, ACCOUNT);
    try {
      await configure(cloud, name, properties, {});
      await tag(cloud, name, properties, context);
    } catch (error) {
      // A bucket that could not be configured is not left behind.
      await unlessBucketGone(cloud.call("s3", "DeleteBucket", { Bucket: name }, ACCOUNT));
      throw error;
    }
    return stateOf(cloud, name);
  },
  async update(name, properties, previous, context) {
    if (nameOf(properties) !== nameOf(previous)) return "replace";
    await configure(cloud, name, properties, previous);
    await tag(cloud, name, properties, context);
    return stateOf(cloud, name);
  },
  async delete(name) {
    await unlessBucketGone(cloud.call("s3", "DeleteBucket", { Bucket: name }, ACCOUNT));
  },
});

const nameOf = ({ BucketName }: Properties): string | undefined =>
  BucketName === undefined ? undefined : String(BucketName);

async function refuseExisting(cloud: Cloud, name: string): Promise<void> {
  try {
    await cloud.call("s3", "HeadBucket", { Bucket: name }, ACCOUNT);
  } catch (error) {
    if (isServiceError(error) && error.status === 404) return;
    throw error;
  }
  throw new ServiceError("AlreadyExists", `${name} already exists`, { status: 409 });
}

/** Applies the sections that differ from what the bucket has by the previous template. */
async function configure(cloud: Cloud, name: string, properties: Properties, previous: Properties): Promise<void> {
  for (const [section, { apply }] of Object.entries(SECTIONS)) {
    if (JSON.stringify(properties[section]) === JSON.stringify(previous[section])) continue;
    try {
      await apply(cloud, name, properties[section]);
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      const [issue] = error.issues;
      const path = [section, ...(issue?.path ?? [])].join("/");
      throw new ServiceError("ValidationError", `Properties validation failed: #/${path}: ${issue?.message}`);
    }
  }
}

async function tag(cloud: Cloud, Bucket: string, properties: Properties, context: ResourceContext): Promise<void> {
  // The shape of Tags is that of the API; PutBucketTagging checks its values.
  const own = (properties["Tags"] ?? []) as readonly Tag[];
  const tags = new Map(Object.entries(context.tags));
  for (const { Key, Value } of own) tags.set(String(Key), String(Value));
  // Tags of CloudFormation itself are refused from anybody else.
  const TagSet = [...tags].filter(([Key]) => !Key.startsWith("aws:")).map(([Key, Value]) => ({ Key, Value }));
  await (TagSet.length > 0
    ? cloud.call("s3", "PutBucketTagging", { Bucket, Tagging: { TagSet } }, ACCOUNT)
    : cloud.call("s3", "DeleteBucketTagging", { Bucket }, ACCOUNT));
}

const stateOf = ({ region }: Cloud, name: string): ResourceState => ({
  physicalId: name,
  attributes: {
    Arn: `arn:aws:s3:::${name}`,
    DomainName: `${name}.s3.amazonaws.com`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
    RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
  },
});
