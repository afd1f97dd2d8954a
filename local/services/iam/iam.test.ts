/** IAM and STS through their SDK clients. */
import * as SDK from "@aws-sdk/client-iam";
import { STSClient, AssumeRoleCommand, GetCallerIdentityCommand, type Credentials } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { asRole } from "../../core/principal.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

const account = "123456789012";
const trust = (principal: unknown) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }],
  });
const open = trust({ AWS: account });
const allow = (action: string, resource = "*") =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] });
const refusal = (name: string, message?: string | RegExp) =>
  expect.objectContaining({
    name,
    ...(message !== undefined && { message: typeof message === "string" ? message : expect.stringMatching(message) }),
  });

async function withRole(cloud: TestCloud, options: Partial<SDK.CreateRoleCommandInput> = {}) {
  const iam = cloud.client(SDK.IAMClient);
  const { Role } = await iam.send(
    new SDK.CreateRoleCommand({ RoleName: "Worker", AssumeRolePolicyDocument: open, ...options }),
  );
  return { iam, arn: Role?.Arn ?? "" };
}
const signedBy = (cloud: TestCloud, credentials: Credentials | undefined) => ({
  credentials: {
    accessKeyId: credentials?.AccessKeyId ?? "",
    secretAccessKey: credentials?.SecretAccessKey ?? "",
    sessionToken: credentials?.SessionToken ?? "",
  },
  endpoint: cloud.endpoint,
});

describe("a role", () => {
  it("is made, read, tagged and deleted", async () => {
    await using cloud = await testCloud();
    const { iam, arn } = await withRole(cloud, {
      Path: "/app/",
      Description: "works",
      Tags: [{ Key: "a", Value: "1" }],
    });
    expect(arn).toBe(`arn:aws:iam::${account}:role/app/Worker`);
    await iam.send(new SDK.TagRoleCommand({ RoleName: "Worker", Tags: [{ Key: "b", Value: "2" }] }));
    await iam.send(new SDK.UntagRoleCommand({ RoleName: "Worker", TagKeys: ["a"] }));
    const { Role } = await iam.send(new SDK.GetRoleCommand({ RoleName: "Worker" }));
    expect(Role).toMatchObject({
      Path: "/app/",
      Description: "works",
      MaxSessionDuration: 3600,
      Tags: [{ Key: "b", Value: "2" }],
    });
    expect(Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(Role?.CreateDate).toEqual(new Date(cloud.clock.now()));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(open);
    await iam.send(new SDK.DeleteRoleCommand({ RoleName: "Worker" }));
    await expect(iam.send(new SDK.GetRoleCommand({ RoleName: "Worker" }))).rejects.toEqual(
      refusal("NoSuchEntityException", "The role with name Worker cannot be found."),
    );
  });

  it("is refused when its name is taken in any case, or is no name", async () => {
    await using cloud = await testCloud();
    const { iam } = await withRole(cloud);
    const make = (RoleName: string) =>
      iam.send(new SDK.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: open }));
    await expect(make("WORKER")).rejects.toEqual(
      refusal("EntityAlreadyExistsException", "Role with name WORKER already exists."),
    );
    await expect(make("a b")).rejects.toEqual(
      refusal("ValidationError", /Value 'a b' at 'roleName' failed to satisfy constraint/),
    );
    await expect(make("a".repeat(65))).rejects.toEqual(refusal("ValidationError", /less than or equal to 64/));
  });

  it("is not deleted while it has policies", async () => {
    await using cloud = await testCloud();
    const { iam } = await withRole(cloud);
    const remove = () => iam.send(new SDK.DeleteRoleCommand({ RoleName: "Worker" }));
    const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    await iam.send(new SDK.AttachRolePolicyCommand({ RoleName: "Worker", PolicyArn }));
    await iam.send(
      new SDK.PutRolePolicyCommand({ RoleName: "Worker", PolicyName: "p", PolicyDocument: allow("s3:*") }),
    );
    await expect(remove()).rejects.toEqual(
      refusal("DeleteConflictException", "Cannot delete entity, must detach all policies first."),
    );
    await iam.send(new SDK.DetachRolePolicyCommand({ RoleName: "Worker", PolicyArn }));
    await expect(remove()).rejects.toEqual(
      refusal("DeleteConflictException", "Cannot delete entity, must delete policies first."),
    );
    await iam.send(new SDK.DeleteRolePolicyCommand({ RoleName: "Worker", PolicyName: "p" }));
    await remove();
  });

  it("is listed page by page", async () => {
    await using cloud = await testCloud();
    const iam = cloud.client(SDK.IAMClient);
    for (const RoleName of ["c", "a", "b"])
      await iam.send(new SDK.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: open }));
    const names: string[] = [];
    for await (const { Roles } of SDK.paginateListRoles({ client: iam, pageSize: 2 }, {}))
      names.push(...(Roles ?? []).map(({ RoleName }) => RoleName ?? ""));
    expect(names).toEqual(["a", "b", "c"]);
  });
});

describe("policies of a role", () => {
  it("are kept as they were written", async () => {
    await using cloud = await testCloud();
    const { iam } = await withRole(cloud);
    const PolicyDocument = allow("s3:Get*", "arn:aws:s3:::b/*(!')");
    await iam.send(new SDK.PutRolePolicyCommand({ RoleName: "Worker", PolicyName: "p", PolicyDocument }));
    const read = await iam.send(new SDK.GetRolePolicyCommand({ RoleName: "Worker", PolicyName: "p" }));
    expect(read.PolicyDocument).not.toMatch(/[!'()*{]/);
    expect(decodeURIComponent(read.PolicyDocument ?? "")).toBe(PolicyDocument);
    expect((await iam.send(new SDK.ListRolePoliciesCommand({ RoleName: "Worker" }))).PolicyNames).toEqual(["p"]);
    await expect(
      iam.send(new SDK.GetRolePolicyCommand({ RoleName: "Worker", PolicyName: "toString" })),
    ).rejects.toEqual(refusal("NoSuchEntityException"));
  });

  it("stay within the quota for all of them together", async () => {
    await using cloud = await testCloud();
    const { iam } = await withRole(cloud);
    const put = (PolicyName: string) =>
      iam.send(
        new SDK.PutRolePolicyCommand({
          RoleName: "Worker",
          PolicyName,
          PolicyDocument: allow("s3:Get*", `arn:aws:s3:::${"x".repeat(6000)}`),
        }),
      );
    await put("one");
    await expect(put("two")).rejects.toEqual(
      refusal("LimitExceededException", "Maximum policy size of 10240 bytes exceeded for role Worker"),
    );
  });

  it("may be managed, in versions", async () => {
    await using cloud = await testCloud();
    const { iam, arn } = await withRole(cloud);
    const { Policy } = await iam.send(
      new SDK.CreatePolicyCommand({ PolicyName: "P", PolicyDocument: allow("s3:GetObject") }),
    );
    const PolicyArn = Policy?.Arn ?? "";
    expect(PolicyArn).toBe(`arn:aws:iam::${account}:policy/P`);
    await iam.send(new SDK.AttachRolePolicyCommand({ RoleName: "Worker", PolicyArn }));
    const may = (action: string) =>
      cloud.iam.evaluate(asRole(arn, "x"), { action, resource: "arn:aws:s3:::b/k" }, undefined).allowed;
    expect([may("s3:GetObject"), may("s3:PutObject")]).toEqual([true, false]);
    await iam.send(
      new SDK.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: allow("s3:PutObject"), SetAsDefault: true }),
    );
    expect([may("s3:GetObject"), may("s3:PutObject")]).toEqual([false, true]);
    await expect(iam.send(new SDK.DeletePolicyCommand({ PolicyArn }))).rejects.toEqual(
      refusal("DeleteConflictException", "Cannot delete a policy attached to entities."),
    );
    expect((await iam.send(new SDK.GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
      AttachmentCount: 1,
      DefaultVersionId: "v2",
    });
    const version = await iam.send(new SDK.GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
    expect(decodeURIComponent(version.PolicyVersion?.Document ?? "")).toBe(allow("s3:GetObject"));
    await expect(
      iam.send(new SDK.AttachRolePolicyCommand({ RoleName: "Worker", PolicyArn: `${PolicyArn}x` })),
    ).rejects.toEqual(refusal("NoSuchEntityException", `Policy ${PolicyArn}x does not exist or is not attachable.`));
  });

  it("can be asked what they would allow", async () => {
    await using cloud = await testCloud();
    const { iam, arn } = await withRole(cloud);
    await iam.send(
      new SDK.PutRolePolicyCommand({ RoleName: "Worker", PolicyName: "p", PolicyDocument: allow("s3:GetObject") }),
    );
    const { EvaluationResults } = await iam.send(
      new SDK.SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: ["s3:GetObject", "s3:PutObject"] }),
    );
    expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual(["allowed", "implicitDeny"]);
  });
});

describe("a role's session", () => {
  it("is who it says, may do what its role may, and ends", async () => {
    await using cloud = await testCloud();
    const { iam, arn } = await withRole(cloud);
    await iam.send(
      new SDK.PutRolePolicyCommand({ RoleName: "Worker", PolicyName: "p", PolicyDocument: allow("iam:GetRole") }),
    );
    const { Credentials, AssumedRoleUser } = await cloud
      .client(STSClient)
      .send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "me", DurationSeconds: 900 }));
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${account}:assumed-role/Worker/me`);
    expect(Credentials?.Expiration).toEqual(new Date(cloud.clock.now() + 900_000));
    const identity = await cloud.client(STSClient, signedBy(cloud, Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: account,
      Arn: `arn:aws:sts::${account}:assumed-role/Worker/me`,
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
    const own = cloud.client(SDK.IAMClient, signedBy(cloud, Credentials));
    expect((await own.send(new SDK.GetRoleCommand({ RoleName: "Worker" }))).Role?.Arn).toBe(arn);
    await expect(own.send(new SDK.DeleteRoleCommand({ RoleName: "Worker" }))).rejects.toEqual(
      expect.objectContaining({
        message: `User: arn:aws:sts::${account}:assumed-role/Worker/me is not authorized to perform: iam:DeleteRole on resource: ${arn} because no identity-based policy allows the iam:DeleteRole action`,
      }),
    );
    await cloud.clock.advance(900_000);
    await expect(own.send(new SDK.GetRoleCommand({ RoleName: "Worker" }))).rejects.toThrow(
      "The security token included in the request is expired",
    );
  });

  it("can be narrower than its role", async () => {
    await using cloud = await testCloud();
    const { iam, arn } = await withRole(cloud);
    await iam.send(
      new SDK.PutRolePolicyCommand({ RoleName: "Worker", PolicyName: "p", PolicyDocument: allow("iam:*") }),
    );
    const { Credentials } = await cloud
      .client(STSClient)
      .send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "me", Policy: allow("iam:ListRoles") }));
    const own = cloud.client(SDK.IAMClient, signedBy(cloud, Credentials));
    await own.send(new SDK.ListRolesCommand({}));
    await expect(own.send(new SDK.GetRoleCommand({ RoleName: "Worker" }))).rejects.toThrow(
      "because no session policy allows the iam:GetRole action",
    );
  });

  it("is not given to whom the role does not trust", async () => {
    await using cloud = await testCloud();
    const { arn } = await withRole(cloud, { AssumeRolePolicyDocument: trust({ Service: "lambda.amazonaws.com" }) });
    const assume = (input: { RoleArn: string; RoleSessionName?: string; DurationSeconds?: number }) =>
      cloud.client(STSClient).send(new AssumeRoleCommand({ RoleSessionName: "me", ...input }));
    const message = `User: arn:aws:iam::${account}:root is not authorized to perform: sts:AssumeRole on resource: ${arn}`;
    await expect(assume({ RoleArn: arn })).rejects.toThrow(message);
    await expect(assume({ RoleArn: `${arn}2` })).rejects.toThrow("is not authorized to perform: sts:AssumeRole");
    await expect(assume({ RoleArn: arn, DurationSeconds: 60 })).rejects.toEqual(
      refusal("ValidationError", /greater than or equal to 900/),
    );
    await expect(assume({ RoleArn: "x".repeat(20) })).rejects.toThrow("is invalid");
  });
});
