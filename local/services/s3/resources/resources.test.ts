import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import type { Properties, ResourceContext } from "../../../core/service.ts";
import { testCloud } from "../../../testing.ts";
import { refusal } from "../testing/s3-fixture.ts";

const context: ResourceContext = {
  stackName: "shop",
  stackId: "arn:aws:cloudformation:us-east-1:123456789012:stack/shop/1",
  logicalId: "Orders",
  tags: { app: "shop", "aws:cloudformation:stack-name": "shop" },
  physicalName: (_longest, options) => (options?.lowercase ? "shop-orders-x1" : "shop-Orders-x1"),
  folder: undefined,
};

async function providers(type = "AWS::S3::Bucket") {
  const cloud = await testCloud();
  const provider = await cloud.providerOf(type);
  const bucket = await cloud.providerOf("AWS::S3::Bucket");
  if (!provider?.update || !bucket?.update) throw new Error(`There is no ${type}`);
  return { cloud, s3: cloud.client(S3Client), provider: { ...provider, update: provider.update }, bucket };
}

describe("AWS::S3::Bucket", () => {
  it("needs no property, and has a name and addresses", async () => {
    const { cloud, s3, provider } = await providers();
    const state = await provider.create({}, context);
    expect(state).toEqual({
      physicalId: "shop-orders-x1",
      attributes: {
        Arn: "arn:aws:s3:::shop-orders-x1",
        DomainName: "shop-orders-x1.s3.amazonaws.com",
        DualStackDomainName: "shop-orders-x1.s3.dualstack.us-east-1.amazonaws.com",
        RegionalDomainName: "shop-orders-x1.s3.us-east-1.amazonaws.com",
        WebsiteURL: "http://shop-orders-x1.s3-website-us-east-1.amazonaws.com",
      },
    });
    const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket: "shop-orders-x1" }));
    expect(TagSet).toEqual([{ Key: "app", Value: "shop" }]);
    await cloud.stop();
  });

  it("gives the bucket everything that the template says", async () => {
    const { cloud, s3, provider } = await providers();
    const arn = cloud.arn("sqs", "events");
    const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: arn }];
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "events", Attributes: { Policy } }));
    const { physicalId: Bucket } = await provider.create(
      {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: "true", ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } },
          ],
        },
        CorsConfiguration: { CorsRules: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"], MaxAge: "60" }] },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: "old",
              Status: "Enabled",
              Prefix: "in/",
              ExpirationInDays: "30",
              NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: "3" },
              Transitions: [{ StorageClass: "STANDARD_IA", TransitionInDays: 10 }],
              TagFilters: [{ Key: "kind", Value: 7 }],
            },
          ],
        },
        LoggingConfiguration: { LogFilePrefix: "logs/" },
        NotificationConfiguration: {
          EventBridgeConfiguration: { EventBridgeEnabled: true },
          QueueConfigurations: [
            {
              Event: "s3:ObjectCreated:*",
              Queue: arn,
              Filter: { S3Key: { Rules: [{ Name: "suffix", Value: ".txt" }] } },
            },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: "true", BlockPublicPolicy: false },
        Tags: [{ Key: "app", Value: "own" }],
        VersioningConfiguration: { Status: "Enabled" },
        WebsiteConfiguration: { IndexDocument: "index.html" },
      },
      context,
    );
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" }, BucketKeyEnabled: true },
    ]);
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([
      { AllowedMethods: ["GET"], AllowedOrigins: ["*"], MaxAgeSeconds: 60 },
    ]);
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([
      {
        ID: "old",
        Status: "Enabled",
        Filter: { And: { Prefix: "in/", Tags: [{ Key: "kind", Value: "7" }] } },
        Expiration: { Days: 30 },
        NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 3 },
        Transitions: [{ StorageClass: "STANDARD_IA", Days: 10 }],
      },
    ]);
    expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toMatchObject({
      TargetBucket: Bucket,
      TargetPrefix: "logs/",
    });
    expect(await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))).toMatchObject({
      EventBridgeConfiguration: {},
      QueueConfigurations: [
        {
          QueueArn: arn,
          Events: ["s3:ObjectCreated:*"],
          Filter: { Key: { FilterRules: [{ Name: "suffix", Value: ".txt" }] } },
        },
      ],
    });
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, BlockPublicPolicy: false });
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "app", Value: "own" }]);
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Enabled");
    expect((await s3.send(new GetBucketWebsiteCommand({ Bucket }))).IndexDocument).toEqual({ Suffix: "index.html" });
    await cloud.stop();
  });

  it("is changed in place, keeps its objects, and loses what leaves the template", async () => {
    const { cloud, s3, provider } = await providers();
    const before: Properties = {
      VersioningConfiguration: { Status: "Enabled" },
      NotificationConfiguration: { EventBridgeConfiguration: {} },
      WebsiteConfiguration: { IndexDocument: "index.html" },
    };
    const { physicalId: Bucket } = await provider.create(before, context);
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    expect(await provider.update(Bucket, {}, before, context)).toMatchObject({ physicalId: Bucket });
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Suspended");
    const notification = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
    expect(notification.EventBridgeConfiguration).toBeUndefined();
    expect(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toBe("NoSuchWebsiteConfiguration 404");
    expect(await provider.update(Bucket, { BucketName: "other" }, {}, context)).toBe("replace");
    await expect(provider.delete(Bucket, {}, context)).rejects.toMatchObject({ name: "BucketNotEmpty" });
    await cloud.stop();
  });

  it("is not made when its name is taken, and not left behind when it cannot be configured", async () => {
    const { cloud, s3, provider } = await providers();
    await provider.create({ BucketName: "taken" }, context);
    const again = async () => provider.create({ BucketName: "taken" }, context);
    await expect(again()).rejects.toMatchObject({ name: "AlreadyExists", message: "taken already exists" });
    const broken = async () =>
      provider.create({ BucketName: "broken", CorsConfiguration: { CorsRules: [{ AllowedMethods: "GET" }] } }, context);
    await expect(broken()).rejects.toMatchObject({
      message: expect.stringContaining("#/CorsConfiguration/CorsRules/0/AllowedMethods"),
    });
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: "broken" })))).toBe("NotFound 404");
    await cloud.stop();
  });

  it("may be gone already when it is deleted", async () => {
    const { cloud, provider } = await providers();
    const { physicalId } = await provider.create({}, context);
    await provider.delete(physicalId, {}, context);
    await expect(Promise.resolve(provider.delete(physicalId, {}, context))).resolves.toBeUndefined();
    await cloud.stop();
  });
});

describe("AWS::S3::BucketPolicy", () => {
  const document = (Sid: string) => ({
    Version: "2012-10-17",
    Statement: [
      {
        Sid,
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "arn:aws:s3:::docs/*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });

  it("is put, changed and taken away; a second one for the bucket is refused", async () => {
    const { cloud, s3, provider, bucket } = await providers("AWS::S3::BucketPolicy");
    await bucket.create({ BucketName: "docs" }, context);
    const first = { Bucket: "docs", PolicyDocument: document("first") };
    const { physicalId } = await provider.create(first, context);
    await expect((async () => provider.create(first, context))()).rejects.toMatchObject({
      message: "The bucket policy already exists on bucket docs.",
    });
    const second = { Bucket: "docs", PolicyDocument: document("second") };
    await provider.update(physicalId, second, first, context);
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket: "docs" }));
    expect(JSON.parse(Policy)).toEqual(second.PolicyDocument);
    expect(await provider.update(physicalId, { ...second, Bucket: "other" }, second, context)).toBe("replace");
    await provider.delete(physicalId, second, context);
    expect(await refusal(s3.send(new GetBucketPolicyCommand({ Bucket: "docs" })))).toBe("NoSuchBucketPolicy 404");
    await cloud.stop();
  });
});
