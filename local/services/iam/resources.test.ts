import { describe, expect, it } from "vitest";
import { asRole } from "../../core/principal.ts";
import type { ResourceContext } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

const account = "123456789012";
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: account } }],
};

describe("roles in templates", () => {
  const context: ResourceContext = {
    stackName: "s",
    stackId: "arn:stack",
    logicalId: "Role",
    tags: { app: "x" },
    physicalName: () => "s-Role-ABC",
    folder: undefined,
  };
  const provider = async (cloud: TestCloud, type: string) => {
    const found = await cloud.providerOf(type);
    if (!found?.update) throw new Error(`no provider of ${type}`);
    return { ...found, update: found.update };
  };
  const document = (action: string) => ({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });
  const base = { AssumeRolePolicyDocument: trust };
  const may = (cloud: TestCloud, action: string) =>
    cloud.iam.evaluate(asRole(`arn:aws:iam::${account}:role/s-Role-ABC`, "x"), { action, resource: "*" }, undefined)
      .allowed;

  it("come with their policies, change in place and go", async () => {
    await using cloud = await testCloud();
    const roles = await provider(cloud, "AWS::IAM::Role");
    const before = { ...base, Policies: [{ PolicyName: "p", PolicyDocument: document("s3:GetObject") }] };
    const made = await roles.create(before, context);
    expect(made).toMatchObject({
      physicalId: "s-Role-ABC",
      attributes: { Arn: `arn:aws:iam::${account}:role/s-Role-ABC` },
    });
    expect(may(cloud, "s3:GetObject")).toBe(true);
    const after = {
      ...base,
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"],
      Policies: [{ PolicyName: "q", PolicyDocument: document("s3:PutObject") }],
    };
    await roles.update("s-Role-ABC", after, before, context);
    expect(["s3:GetObject", "s3:PutObject", "xray:PutTraceSegments"].map((action) => may(cloud, action))).toEqual([
      false,
      true,
      true,
    ]);
    expect(await roles.update("s-Role-ABC", { ...after, RoleName: "Other" }, after, context)).toBe("replace");
    await roles.delete("s-Role-ABC", after, context);
    expect(may(cloud, "s3:PutObject")).toBe(false);
  });

  it("keep the policies that other resources put on them", async () => {
    await using cloud = await testCloud();
    const roles = await provider(cloud, "AWS::IAM::Role");
    const policies = await provider(cloud, "AWS::IAM::Policy");
    const managed = await provider(cloud, "AWS::IAM::ManagedPolicy");
    await roles.create(base, context);
    const extra = { PolicyName: "extra", PolicyDocument: document("sqs:SendMessage"), Roles: ["s-Role-ABC"] };
    const { physicalId } = await policies.create(extra, { ...context, physicalName: () => "s-Policy-X" });
    const shared = { PolicyDocument: document("sns:Publish"), Roles: ["s-Role-ABC"] };
    const { physicalId: arn } = await managed.create(shared, { ...context, physicalName: () => "s-Managed-X" });
    await roles.update("s-Role-ABC", { ...base, Description: "new" }, base, context);
    expect([may(cloud, "sqs:SendMessage"), may(cloud, "sns:Publish")]).toEqual([true, true]);
    await managed.update(arn, { ...shared, PolicyDocument: document("sns:Subscribe") }, shared, context);
    expect([may(cloud, "sns:Publish"), may(cloud, "sns:Subscribe")]).toEqual([false, true]);
    await policies.delete(physicalId, extra, context);
    await managed.delete(arn, shared, context);
    expect([may(cloud, "sqs:SendMessage"), may(cloud, "sns:Subscribe")]).toEqual([false, false]);
  });

  it("are refused with IAM's reason when a document is wrong", async () => {
    await using cloud = await testCloud();
    const roles = await provider(cloud, "AWS::IAM::Role");
    const make = (properties: Record<string, unknown>) =>
      (async () => roles.create({ ...base, ...properties }, context))();
    await expect(make({ Policies: [{ PolicyName: "p", PolicyDocument: document("GetObject") }] })).rejects.toThrow(
      "must be prefaced by a vendor",
    );
    await expect(make({ ManagedPolicyArns: ["arn:aws:iam::aws:policy/Nothing"] })).rejects.toThrow(
      "Policy arn:aws:iam::aws:policy/Nothing was not found.",
    );
  });
});
