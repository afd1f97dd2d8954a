import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { asService } from "../../core/principal.ts";
import { BUCKET as Bucket, bucketFixture, type Fixture, refusal } from "./testing/s3-fixture.ts";

const ARN = `arn:aws:s3:::${Bucket}`;

/** A client of a role that may do exactly this. */
async function clientOf({ cloud }: Fixture, ...statements: object[]): Promise<S3Client> {
  const iam = cloud.client(IAMClient);
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "worker", AssumeRolePolicyDocument }));
  const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  if (Statement.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName: "worker", PolicyName: "own", PolicyDocument }));
  }
  return cloud.client(S3Client, { credentials: cloud.iam.issue(Role?.Arn ?? "", "session") });
}

describe("a role", () => {
  it.each<[string, object, string]>([
    [
      "s3:GetObject and s3:ListBucket",
      { Action: ["s3:GetObject", "s3:ListBucket"], Resource: [ARN, `${ARN}/*`] },
      "NoSuchKey 404",
    ],
    ["s3:GetObject alone", { Action: "s3:GetObject", Resource: `${ARN}/*` }, "AccessDenied 403"],
  ])("with %s asks for a missing key", async (_name, statement, expected) => {
    await using fixture = await bucketFixture();
    const s3 = await clientOf(fixture, statement);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "absent" })))).toBe(expected);
    await fixture.put("k");
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("done");
    expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toBe("done");
  });

  it("is told which permission is missing", async () => {
    await using fixture = await bucketFixture();
    const s3 = await clientOf(fixture);
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: "a/b" }))).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: arn:aws:sts::123456789012:assumed-role/worker/session is not authorized to perform: s3:GetObject on resource: "${ARN}/a/b" because no identity-based policy allows the s3:GetObject action`,
    });
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket: "absent", Key: "k" })))).toBe("NoSuchBucket 404");
  });

  it("needs a permission of its own for versions", async () => {
    await using fixture = await bucketFixture();
    await fixture.versioning("Enabled");
    const VersionId = (await fixture.put("k")) ?? "";
    const s3 = await clientOf(fixture, { Action: "s3:GetObject", Resource: `${ARN}/*` });
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("done");
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId })))).toBe("AccessDenied 403");
  });

  // GetObject, Permissions: s3:ListBucket; whoever may list the versions sees for itself which there are.
  it.each<[string, readonly string[], string]>([
    ["nothing more", [], "AccessDenied 403"],
    ["s3:ListBucket", ["s3:ListBucket"], "NoSuchVersion 404"],
    ["s3:ListBucketVersions", ["s3:ListBucketVersions"], "AccessDenied 403"],
  ])("with %s asks for a missing version", async (_name, more, expected) => {
    await using fixture = await bucketFixture();
    const s3 = await clientOf(fixture, { Action: ["s3:GetObjectVersion", ...more], Resource: [ARN, `${ARN}/*`] });
    const VersionId = "0".repeat(32);
    expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "k", VersionId })))).toBe(expected);
  });

  // "How to prevent object overwrites with conditional writes", "How to perform conditional deletes": which rights they ask for.
  describe("that may write and delete, but not read", () => {
    const eTag = '"5d41402abc4b2a76b9719d911017c592"';
    it.each<[string, (s3: S3Client) => Promise<unknown>, string]>([
      ["puts if new", (s3) => s3.send(new PutObjectCommand({ Bucket, Key: "n", Body: "x", IfNoneMatch: "*" })), "done"],
      [
        "puts if unchanged",
        (s3) => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", IfMatch: eTag })),
        "GetObject",
      ],
      ["deletes if there", (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch: "*" })), "done"],
      [
        "deletes if unchanged",
        (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: "k", IfMatch: eTag })),
        "GetObject",
      ],
      ["deletes", (s3) => s3.send(new DeleteObjectCommand({ Bucket, Key: "k" })), "done"],
    ])("%s", async (_name, attempt, expected) => {
      await using fixture = await bucketFixture();
      await fixture.put("k");
      const s3 = await clientOf(fixture, { Action: ["s3:PutObject", "s3:DeleteObject"], Resource: `${ARN}/*` });
      const outcome = await attempt(s3).then(
        () => "done",
        (error: Error) => /perform: s3:(\w+)/.exec(error.message)?.[1],
      );
      expect(outcome).toBe(expected);
    });

    it("is refused the unchanged ones among many deletions", async () => {
      await using fixture = await bucketFixture();
      for (const key of ["a", "b"]) await fixture.put(key);
      const s3 = await clientOf(fixture, { Action: "s3:DeleteObject", Resource: `${ARN}/*` });
      const Objects = [{ Key: "a" }, { Key: "b", ETag: eTag }];
      const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      expect(answer.Deleted).toEqual([{ Key: "a" }]);
      expect(answer.Errors).toMatchObject([{ Key: "b", Message: expect.stringContaining("s3:GetObject") }]);
    });

    it("deletes only under the condition that its policy wants", async () => {
      await using fixture = await bucketFixture();
      await fixture.put("k");
      const Condition = { Null: { "s3:if-match": "false" } };
      const s3 = await clientOf(fixture, { Action: "s3:DeleteObject", Resource: `${ARN}/*`, Condition });
      const remove = (more: object) => refusal(s3.send(new DeleteObjectCommand({ Bucket, Key: "k", ...more })));
      expect([await remove({}), await remove({ IfMatch: "*" })]).toEqual(["AccessDenied 403", "done"]);
    });
  });

  it("lists below the prefix that it was given", async () => {
    await using fixture = await bucketFixture();
    const s3 = await clientOf(fixture, {
      Action: "s3:ListBucket",
      Resource: ARN,
      Condition: { StringLike: { "s3:prefix": "mine/*" } },
    });
    const list = (Prefix?: string) => refusal(s3.send(new ListObjectsV2Command({ Bucket, ...(Prefix && { Prefix }) })));
    expect([await list("mine/a"), await list("yours/a"), await list()]).toEqual([
      "done",
      "AccessDenied 403",
      "AccessDenied 403",
    ]);
  });

  it("deletes the keys it may, and is refused the others one by one", async () => {
    await using fixture = await bucketFixture();
    for (const key of ["mine/a", "yours/a"]) await fixture.put(key);
    const s3 = await clientOf(fixture, { Action: "s3:DeleteObject", Resource: `${ARN}/mine/*` });
    const Objects = [{ Key: "mine/a" }, { Key: "yours/a" }, { Key: "mine/b", VersionId: "null" }];
    const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(answer.Deleted).toEqual([{ Key: "mine/a" }]);
    expect(answer.Errors).toMatchObject([
      { Key: "yours/a", Code: "AccessDenied", Message: expect.stringContaining("s3:DeleteObject on resource") },
      { Key: "mine/b", Code: "AccessDenied", Message: expect.stringContaining("s3:DeleteObjectVersion") },
    ]);
    expect(await refusal(fixture.s3.send(new HeadObjectCommand({ Bucket, Key: "yours/a" })))).toBe("done");
  });

  it("tags what it puts only when it may", async () => {
    await using fixture = await bucketFixture();
    const s3 = await clientOf(fixture, { Action: "s3:PutObject", Resource: `${ARN}/*` });
    const put = (more: object) => refusal(s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...more })));
    expect([await put({}), await put({ Tagging: "a=1" })]).toEqual(["done", "AccessDenied 403"]);
  });

  it("copies what it may read, and tags only with permission at both ends", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("plain");
    await fixture.put("tagged", "x", { Tagging: "a=1" });
    await fixture.put("secret/k");
    const s3 = await clientOf(
      fixture,
      { Action: "s3:GetObject", Resource: [`${ARN}/plain`, `${ARN}/tagged`] },
      { Action: "s3:PutObject", Resource: `${ARN}/*` },
    );
    const copy = (from: string, more: object = {}) =>
      refusal(s3.send(new CopyObjectCommand({ Bucket, Key: "to", CopySource: `${Bucket}/${from}`, ...more })));
    expect(await copy("plain")).toBe("done");
    expect(await copy("secret/k")).toBe("AccessDenied 403");
    expect(await copy("tagged")).toBe("AccessDenied 403");
    expect(await copy("tagged", { TaggingDirective: "REPLACE" })).toBe("done");
  });
});

describe("a bucket policy", () => {
  const statement = (more: object) => ({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `${ARN}/*`,
    ...more,
  });
  const put = ({ s3 }: Fixture, ...Statement: object[]) =>
    s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }));

  it("lets services in by their name and the account they act for", async () => {
    await using fixture = await bucketFixture();
    const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    await put(fixture, statement({ Principal: { Service: "ses.amazonaws.com" }, Action: "s3:PutObject", Condition }));
    const write = (service: string) =>
      fixture.cloud.call("s3", "PutObject", { Bucket, Key: "mail", Body: "x" }, asService(service, "arn:aws:ses:::x"));
    await expect(write("ses.amazonaws.com")).resolves.toMatchObject({ ETag: expect.any(String) });
    await expect(write("sns.amazonaws.com")).rejects.toMatchObject({ name: "AccessDenied" });
  });

  it("denies whoever it is, the account included", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("k");
    await put(fixture, statement({ Effect: "Deny" }));
    expect(await refusal(fixture.s3.send(new GetObjectCommand({ Bucket, Key: "k" })))).toBe("AccessDenied 403");
  });

  it("is public only where public access is not blocked", async () => {
    await using fixture = await bucketFixture();
    await fixture.put("page.html", "<p>");
    const read = async () => (await fetch(`${fixture.cloud.endpoint}/${Bucket}/page.html`)).status;
    await expect(put(fixture, statement({}))).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("BlockPublicPolicy"),
    });
    const block = { BlockPublicPolicy: false, RestrictPublicBuckets: true };
    await fixture.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: block }));
    await put(fixture, statement({}));
    const status = await fixture.s3.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(status.PolicyStatus?.IsPublic).toBe(true);
    expect(await read()).toBe(403);
    await fixture.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await read()).toBe(200);
  });

  it("that is for everybody under a fixed condition is not public", async () => {
    await using fixture = await bucketFixture();
    await put(fixture, statement({ Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }));
    const status = await fixture.s3.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(status.PolicyStatus?.IsPublic).toBe(false);
    const open = statement({ Condition: { StringLike: { "aws:PrincipalArn": "*" } } });
    expect(await refusal(put(fixture, open))).toBe("AccessDenied 403");
  });

  it("is answered letter by letter", async () => {
    await using fixture = await bucketFixture();
    expect(await refusal(fixture.s3.send(new GetBucketPolicyCommand({ Bucket })))).toBe("NoSuchBucketPolicy 404");
    const Policy = `{ "Statement": ${JSON.stringify(statement({ Effect: "Deny" }))} }`;
    await fixture.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await fixture.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
  });

  it.each<[string, object, string]>([
    ["no principal", { Principal: undefined }, "Missing required field Principal"],
    ["a principal that is none", { Principal: { AWS: "somebody" } }, "Invalid principal in policy"],
    ["another bucket", { Resource: "arn:aws:s3:::another/*" }, "Policy has invalid resource"],
    ["another service's action", { Action: "sqs:SendMessage" }, "Policy has invalid action"],
    ["no effect", { Effect: "Maybe" }, "Invalid effect: Maybe"],
  ])("with %s is refused", async (_name, more, message) => {
    await using fixture = await bucketFixture();
    await expect(put(fixture, statement(more))).rejects.toMatchObject({ name: "MalformedPolicy", message });
  });

  it("that is no JSON is refused", async () => {
    await using fixture = await bucketFixture();
    const request = fixture.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: "allow all" }));
    expect(await refusal(request)).toBe("MalformedPolicy 400");
  });
});
