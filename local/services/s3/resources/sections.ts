/** The sections of AWS::S3::Bucket: how each is put onto a bucket, and taken off when it leaves the template. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Input, OperationName } from "../../../core/service.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { z } from "zod";
import type { S3 } from "../store.ts";
import { lifecycleRule, LifecycleConfiguration } from "./lifecycle.ts";
import { notificationConfiguration, NotificationConfiguration } from "./notification.ts";

const flag = z.union([z.boolean(), z.stringbool()]).optional();
const count = z.coerce.number();

const Encryption = z.object({
  ServerSideEncryptionConfiguration: z.array(
    z.object({
      ServerSideEncryptionByDefault: z
        .object({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() })
        .optional(),
      BucketKeyEnabled: flag,
    }),
  ),
});
const AccessBlock = z.object({
  BlockPublicAcls: flag,
  BlockPublicPolicy: flag,
  IgnorePublicAcls: flag,
  RestrictPublicBuckets: flag,
});
const Cors = z.object({
  CorsRules: z.array(
    z.object({
      Id: z.string().optional(),
      AllowedHeaders: z.array(z.string()).optional(),
      AllowedMethods: z.array(z.string()),
      AllowedOrigins: z.array(z.string()),
      ExposedHeaders: z.array(z.string()).optional(),
      MaxAge: count.optional(),
    }),
  ),
});
const Website = z.object({
  IndexDocument: z.string().optional(),
  ErrorDocument: z.string().optional(),
  RedirectAllRequestsTo: z.object({ HostName: z.string(), Protocol: z.string().optional() }).optional(),
  RoutingRules: z
    .array(
      z.object({
        RedirectRule: z.record(z.string(), z.string()),
        RoutingRuleCondition: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
});
const Logging = z.object({ DestinationBucketName: z.string().optional(), LogFilePrefix: z.string().optional() });

interface Section {
  /** Gives the bucket what the template says; undefined takes it away. */
  apply(cloud: Cloud, bucket: string, section: unknown): Promise<unknown>;
}

/**
 * In the order in which they are applied: public access is blocked or opened before anything else, notifications come
 * last. The API checks enums itself, so values go to it as they are in the template: hence the casts of its inputs.
 */
export const SECTIONS: Readonly<Record<string, Section>> = {
  PublicAccessBlockConfiguration: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeletePublicAccessBlock", { Bucket })
        : call(cloud, "PutPublicAccessBlock", { Bucket, PublicAccessBlockConfiguration: AccessBlock.parse(section) }),
  },
  OwnershipControls: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeleteBucketOwnershipControls", { Bucket })
        : call(cloud, "PutBucketOwnershipControls", { Bucket, OwnershipControls: section }),
  },
  BucketEncryption: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeleteBucketEncryption", { Bucket })
        : call(cloud, "PutBucketEncryption", { Bucket, ServerSideEncryptionConfiguration: encryption(section) }),
  },
  VersioningConfiguration: {
    // Versioning cannot be taken away again, only suspended.
    apply: (cloud, Bucket, section) =>
      call(cloud, "PutBucketVersioning", { Bucket, VersioningConfiguration: section ?? { Status: "Suspended" } }),
  },
  LifecycleConfiguration: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeleteBucketLifecycle", { Bucket })
        : call(cloud, "PutBucketLifecycleConfiguration", { Bucket, ...lifecycle(section) }),
  },
  CorsConfiguration: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeleteBucketCors", { Bucket })
        : call(cloud, "PutBucketCors", { Bucket, CORSConfiguration: cors(section) }),
  },
  WebsiteConfiguration: {
    apply: (cloud, Bucket, section) =>
      section === undefined
        ? call(cloud, "DeleteBucketWebsite", { Bucket })
        : call(cloud, "PutBucketWebsite", { Bucket, WebsiteConfiguration: website(section) }),
  },
  LoggingConfiguration: {
    apply: (cloud, Bucket, section) =>
      call(cloud, "PutBucketLogging", {
        Bucket,
        BucketLoggingStatus: section === undefined ? {} : logging(section, Bucket),
      }),
  },
  NotificationConfiguration: {
    apply: (cloud, Bucket, section) =>
      call(cloud, "PutBucketNotificationConfiguration", {
        Bucket,
        NotificationConfiguration: notificationConfiguration(NotificationConfiguration.parse(section ?? {})),
      }),
  },
};

type Loose<T> = { readonly [K in keyof T]: unknown };

const call = <O extends OperationName<S3>>(cloud: Cloud, operation: O, input: Loose<Partial<Input<S3, O>>>) =>
  cloud.call("s3", operation, input as Input<S3, O>, ACCOUNT);

const encryption = (section: unknown) => ({
  Rules: Encryption.parse(section).ServerSideEncryptionConfiguration.map((rule) => ({
    ApplyServerSideEncryptionByDefault: rule.ServerSideEncryptionByDefault,
    BucketKeyEnabled: rule.BucketKeyEnabled,
  })),
});

function lifecycle(section: unknown) {
  const { Rules, TransitionDefaultMinimumObjectSize } = LifecycleConfiguration.parse(section);
  return { LifecycleConfiguration: { Rules: Rules.map(lifecycleRule) }, TransitionDefaultMinimumObjectSize };
}

const cors = (section: unknown) => ({
  CORSRules: Cors.parse(section).CorsRules.map(({ Id, ExposedHeaders, MaxAge, ...rule }) => ({
    ...rule,
    ID: Id,
    ExposeHeaders: ExposedHeaders,
    MaxAgeSeconds: MaxAge,
  })),
});

function website(section: unknown) {
  const { IndexDocument, ErrorDocument, RedirectAllRequestsTo, RoutingRules } = Website.parse(section);
  return {
    ...(IndexDocument !== undefined && { IndexDocument: { Suffix: IndexDocument } }),
    ...(ErrorDocument !== undefined && { ErrorDocument: { Key: ErrorDocument } }),
    ...(RedirectAllRequestsTo && { RedirectAllRequestsTo }),
    ...(RoutingRules && {
      RoutingRules: RoutingRules.map(({ RedirectRule, RoutingRuleCondition }) => ({
        Redirect: RedirectRule,
        Condition: RoutingRuleCondition,
      })),
    }),
  };
}

function logging(section: unknown, bucket: string) {
  const { DestinationBucketName = bucket, LogFilePrefix = "" } = Logging.parse(section);
  return { LoggingEnabled: { TargetBucket: DestinationBucketName, TargetPrefix: LogFilePrefix } };
}
