import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "../testing/s3-fixture.ts";

const DAY = 86_400_000;

const configure = ({ s3 }: Fixture, ...rules: Partial<LifecycleRule>[]) =>
  s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: rules.map((rule) => ({ Status: "Enabled", Filter: { Prefix: "" }, ...rule })),
      },
    }),
  );

const keys = async ({ s3 }: Fixture) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);

describe("expiry", () => {
  it("comes at the midnight after the days are over, and is announced", async () => {
    await using fixture = await bucketFixture();
    await configure(fixture, { ID: "old", Expiration: { Days: 2 } });
    await fixture.put("k");
    const head = await fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    expect(head.Expiration).toBe('expiry-date="Thu, 10 Jan 2030 00:00:00 GMT", rule-id="old"');
    // It is noon of the 7th.
    await fixture.cloud.clock.advance(2.5 * DAY - 1);
    expect(await keys(fixture)).toEqual(["k"]);
    await fixture.cloud.clock.advance(1);
    expect(await keys(fixture)).toEqual([]);
  });

  it("touches only what the filter names", async () => {
    await using fixture = await bucketFixture();
    const And = { Prefix: "in/", Tags: [{ Key: "t", Value: "1" }], ObjectSizeGreaterThan: 3 };
    await configure(fixture, { Filter: { And }, Expiration: { Days: 1 } });
    await fixture.put("in/yes", "hello", { Tagging: "t=1" });
    await fixture.put("in/untagged");
    await fixture.put("in/small", "hey", { Tagging: "t=1" });
    await fixture.put("out/no", "hello", { Tagging: "t=1" });
    await fixture.cloud.clock.advance(3 * DAY);
    expect(await keys(fixture)).toEqual(["in/small", "in/untagged", "out/no"]);
  });

  it("does nothing while its rule is disabled", async () => {
    await using fixture = await bucketFixture();
    await configure(fixture, { Status: "Disabled", Expiration: { Days: 1 } });
    await fixture.put("k");
    await fixture.cloud.clock.advance(5 * DAY);
    expect(await keys(fixture)).toEqual(["k"]);
  });

  it("leaves a marker in versioned buckets, and removes markers with nothing behind them", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await configure(
      fixture,
      { ID: "a", Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { ID: "b", Filter: { Prefix: "none/" }, Expiration: { ExpiredObjectDeleteMarker: true } },
    );
    await fixture.put("k");
    await fixture.cloud.clock.advance(2 * DAY);
    expect(await fixture.versions("k")).toEqual([expect.any(String), expect.stringContaining("(marker)*")]);
    await fixture.cloud.clock.advance(3 * DAY);
    expect(await fixture.versions("k")).toEqual([]);
  });
});

describe("noncurrent versions", () => {
  it("go when they have been so for the days, but for the newest that are to be kept", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await configure(fixture, {
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
    });
    const ids: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) ids.push(await fixture.put("k", `${i}`));
    await fixture.cloud.clock.advance(1 * DAY);
    expect(await fixture.versions("k")).toHaveLength(5);
    await fixture.cloud.clock.advance(1 * DAY);
    expect(await fixture.versions("k")).toEqual([`${ids[4]}*`, ids[3], ids[2]]);
  });

  it("count from the moment they were replaced", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    await configure(fixture, { NoncurrentVersionExpiration: { NoncurrentDays: 3 } });
    await fixture.put("k", "old");
    await fixture.cloud.clock.advance(10 * DAY);
    await fixture.s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await fixture.cloud.clock.advance(3 * DAY);
    expect(await fixture.versions("k")).toHaveLength(2);
    await fixture.cloud.clock.advance(1 * DAY);
    expect(await fixture.versions("k")).toHaveLength(1);
  });
});

describe("other actions", () => {
  it("abort uploads that were forgotten", async () => {
    await using fixture = await bucketFixture();
    await configure(fixture, { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } });
    await fixture.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
    const uploads = async () => (await fixture.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length;
    await fixture.cloud.clock.advance(DAY);
    expect(await uploads()).toBe(1);
    await fixture.cloud.clock.advance(DAY);
    expect(await uploads()).toBeUndefined();
  });

  it("move objects to colder storage, which the archives do not give back at once", async () => {
    await using fixture = await bucketFixture();
    await configure(fixture, {
      Transitions: [
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 90, StorageClass: "GLACIER" },
      ],
    });
    await fixture.put("k");
    const head = () => fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "k" }));
    await fixture.cloud.clock.advance(31 * DAY);
    expect((await head()).StorageClass).toBe("STANDARD_IA");
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("done");
    await fixture.cloud.clock.advance(60 * DAY);
    expect((await head()).StorageClass).toBe("GLACIER");
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("InvalidObjectState 403");
  });
});

describe("a configuration", () => {
  it("is answered as it was put, with names for its rules", async () => {
    await using fixture = await bucketFixture();
    const get = () => fixture.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await refusal(get())).toBe("NoSuchLifecycleConfiguration 404");
    await configure(fixture, { Expiration: { Days: 1 }, Filter: { Prefix: "a/" } });
    expect((await get()).Rules).toEqual([
      { ID: expect.any(String), Status: "Enabled", Filter: { Prefix: "a/" }, Expiration: { Days: 1 } },
    ]);
  });

  it.each<[string, Partial<LifecycleRule>[], string]>([
    ["no rule", [], "MalformedXML 400"],
    ["no action", [{}], "InvalidRequest 400"],
    ["no days", [{ Expiration: { Days: 0 } }], "InvalidArgument 400"],
    ["days and a date", [{ Expiration: { Days: 1, Date: new Date(0) } }], "MalformedXML 400"],
    ["a date in the middle of a day", [{ Expiration: { Date: new Date(1000) } }], "InvalidArgument 400"],
    ["an unknown status", [{ Status: "On" as "Enabled", Expiration: { Days: 1 } }], "MalformedXML 400"],
    [
      "one name for two rules",
      [
        { ID: "a", Expiration: { Days: 1 } },
        { ID: "a", Expiration: { Days: 2 } },
      ],
      "InvalidArgument 400",
    ],
    [
      "too many versions kept",
      [{ NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 } }],
      "InvalidArgument 400",
    ],
  ])("with %s is refused", async (_name, rules, expected) => {
    await using fixture = await bucketFixture();
    expect(await refusal(configure(fixture, ...rules))).toBe(expected);
  });
});
