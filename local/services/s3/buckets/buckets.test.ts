import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketTaggingCommand,
  DeleteBucketWebsiteCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { testCloud } from "../../../testing.ts";
import { BUCKET as Bucket, bucketFixture, refusal } from "../testing/s3-fixture.ts";

describe("a bucket", () => {
  it("is there until it is deleted", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: "us-east-1" });
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket })))).toBe("NotFound 404");
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("NoSuchBucket 404");
  });

  it("is not deleted while it holds anything, be it a marker", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    await fixture.versioning("Enabled");
    const { VersionId = "" } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("BucketNotEmpty 409");
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
    await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket })))).toBe("done");
  });

  it.each(["ab", "UPPER", "-a-b", "a..b", "192.168.0.1", "xn--abc", "a_b", "abc-s3alias", "a".repeat(64)])(
    "is not called %s",
    async (name) => {
      await using fixture = await bucketFixture();
      expect(await refusal(fixture.s3.send(new CreateBucketCommand({ Bucket: name })))).toBe("InvalidBucketName 400");
    },
  );

  it("may be made again by its owner in the first region, and keeps what it holds", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    expect((await fixture.s3.send(new CreateBucketCommand({ Bucket }))).Location).toBe(`/${Bucket}`);
    expect(await refusal(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toBe("done");
  });

  it("says where it is, and is made only there", async () => {
    await using cloud = await testCloud({ region: "eu-west-1" });
    const s3 = cloud.client(S3Client);
    const create = (name: string, LocationConstraint?: "eu-west-1" | "us-west-2") =>
      s3.send(
        new CreateBucketCommand({
          Bucket: name,
          ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }),
        }),
      );
    // The SDK adds the client's region where none is named.
    expect(await refusal(create("here"))).toBe("done");
    expect(await refusal(create("there", "us-west-2"))).toBe("IllegalLocationConstraintException 400");
    expect(await refusal(create("here", "eu-west-1"))).toBe("BucketAlreadyOwnedByYou 409");
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: "here" }));
    expect(LocationConstraint).toBe("eu-west-1");
  });

  it("is listed with the others, page by page", async () => {
    await using fixture = await bucketFixture();
    for (const name of ["aaa", "bbb", "bbc"]) await fixture.s3.send(new CreateBucketCommand({ Bucket: name }));
    const list = async (input: object) => {
      const { Buckets = [], ContinuationToken } = await fixture.s3.send(new ListBucketsCommand(input));
      return { names: Buckets.map(({ Name }) => Name), token: ContinuationToken };
    };
    expect((await list({})).names).toEqual(["aaa", "bbb", "bbc", Bucket]);
    const first = await list({ Prefix: "bb", MaxBuckets: 1 });
    expect(first.names).toEqual(["bbb"]);
    expect(await list({ Prefix: "bb", ContinuationToken: first.token })).toEqual({ names: ["bbc"], token: undefined });
  });

  it("is new: private, encrypted, owned, without anything else", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration: encryption } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: "AES256" });
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint || undefined).toBeUndefined();
    expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket })))).toBe("NoSuchCORSConfiguration 404");
    expect(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket })))).toBe("NoSuchTagSet 404");
    expect(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toBe("NoSuchWebsiteConfiguration 404");
  });
});

describe("a bucket's configuration", () => {
  it("has versioning that can be suspended but never taken away", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    await fixture.versioning("Enabled");
    await fixture.versioning("Suspended");
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe("Suspended");
    const put = (VersioningConfiguration: object) =>
      refusal(s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
    expect(await put({ Status: "Off" })).toBe("MalformedXML 400");
    expect(await put({ Status: "Enabled", MFADelete: "Enabled" })).toBe("NotImplemented 501");
  });

  it("has a default encryption that objects take", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    const put = (SSEAlgorithm: string, KMSMasterKeyID?: string) =>
      s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: [
              {
                ApplyServerSideEncryptionByDefault: {
                  SSEAlgorithm: SSEAlgorithm as "AES256",
                  ...(KMSMasterKeyID && { KMSMasterKeyID }),
                },
                BucketKeyEnabled: true,
              },
            ],
          },
        }),
      );
    await put("aws:kms", "alias/mine");
    await fixture.put("k");
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).toMatchObject({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: "alias/mine",
      BucketKeyEnabled: true,
    });
    expect(await refusal(put("AES256", "alias/mine"))).toBe("InvalidArgument 400");
    expect(await refusal(put("ROT13"))).toBe("MalformedXML 400");
    await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    await fixture.put("k");
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).ServerSideEncryption).toBe("AES256");
  });

  it("has tags, CORS rules, a website and logs, each until deleted", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    const TagSet = [{ Key: "a", Value: "1" }];
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);
    await s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketTaggingCommand({ Bucket })))).toBe("NoSuchTagSet 404");

    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["https://*.example"], MaxAgeSeconds: 5 }];
    await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);
    await s3.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket })))).toBe("NoSuchCORSConfiguration 404");

    const WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" }, ErrorDocument: { Key: "404.html" } };
    await s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
    expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(WebsiteConfiguration);
    await s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
    expect(await refusal(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toBe("NoSuchWebsiteConfiguration 404");

    const log = (TargetBucket: string) =>
      s3.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: "logs/" } },
        }),
      );
    expect(await refusal(log("absent"))).toBe("InvalidTargetBucketForLogging 400");
    await log(Bucket);
    expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toEqual({
      TargetBucket: Bucket,
      TargetPrefix: "logs/",
    });
  });

  it("has a public access block, in parts or not at all", async () => {
    await using fixture = await bucketFixture();
    const { s3 } = fixture;
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }),
    );
    const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toMatchObject({ BlockPublicPolicy: true, RestrictPublicBuckets: false });
    await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket })))).toBe(
      "NoSuchPublicAccessBlockConfiguration 404",
    );
  });
});
