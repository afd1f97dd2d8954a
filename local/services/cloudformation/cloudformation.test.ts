import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ACCOUNT, asRole } from "../../core/principal.ts";
import { StackStore } from "../../template/engine/state/record.ts";
import { createStacks } from "../../template/stacks.ts";
import { testCloud } from "../../testing.ts";
import { permissionsOf } from "./permissions.ts";
import { createContext } from "./store.ts";
import { closedGate, inWorld, templateOf, thing } from "./testing/world.ts";

describe("stacks made elsewhere in the process", () => {
  it("are the same stacks, one operation at a time", () =>
    inWorld(async ({ cloud, client, fakes, settled }) => {
      const stacks = createStacks(cloud, cloud.providerOf);
      await stacks.deploy({ name: "shop", body: templateOf(thing("A")) });
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
      const gate = closedGate();
      fakes.before = gate.wait;
      const body = templateOf({ ...thing("A"), ...thing("B") });
      await client.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: body }));
      await expect(stacks.deploy({ name: "shop", body })).rejects.toThrow("is in UPDATE_IN_PROGRESS state");
      gate.open();
      expect((await settled()).StackStatus).toBe("UPDATE_COMPLETE");
      expect(stacks.describe("shop")?.resources).toHaveProperty("B");
    }));
});

describe("a cloud that was stopped during an operation", () => {
  it("says so of the stack", async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), "cloudformation-"));
    try {
      await inStoppedCloud(dataFolder);
      await using cloud = await testCloud({ dataFolder });
      const client = cloud.client(CloudFormationClient);
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: "shop" }));
      expect(Stacks?.[0]).toMatchObject({
        StackStatus: "UPDATE_FAILED",
        StackStatusReason: "The local cloud was stopped during the operation",
      });
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  });

  async function inStoppedCloud(dataFolder: string): Promise<void> {
    await using cloud = await testCloud({ dataFolder });
    const body = templateOf(thing("Q", {}, "AWS::SQS::Queue"));
    await createStacks(cloud, cloud.providerOf).deploy({ name: "shop", body });
    const store = new StackStore(cloud);
    const stack = store.find("shop");
    if (!stack) throw new Error("the stack was not made");
    store.save({ ...stack, status: "UPDATE_IN_PROGRESS" });
    cloud.storage.flush();
  }
});

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

describe("the permission for an operation", () => {
  it.each([
    ["DescribeStacks", { StackName: "other" }, "arn:aws:cloudformation:us-east-1:123456789012:stack/other/*"],
    ["DescribeStacks", {}, "*"],
    ["DescribeStacks", { StackName: "arn:aws:cloudformation:x" }, "arn:aws:cloudformation:x"],
    ["ListExports", {}, "*"],
  ])("%s of %j is on %s", async (operation, input, resource) => {
    await using cloud = await testCloud();
    expect(permissionsOf(createContext(cloud), operation, input)).toEqual([
      { action: `cloudformation:${operation}`, resource },
    ]);
  });

  it("is on the stack itself when there is one, with the change set as condition", () =>
    inWorld(async ({ cloud, client }) => {
      const { StackId } = await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A")) }),
      );
      expect(
        permissionsOf(createContext(cloud), "ExecuteChangeSet", { StackName: "shop", ChangeSetName: "c" }),
      ).toEqual([
        {
          action: "cloudformation:ExecuteChangeSet",
          resource: StackId,
          context: { "cloudformation:ChangeSetName": "c" },
        },
      ]);
    }));

  it("is asked of roles", () =>
    inWorld(async ({ cloud }) => {
      const { Role } = await cloud.call(
        "iam",
        "CreateRole",
        { RoleName: "nobody", AssumeRolePolicyDocument: TRUST },
        ACCOUNT,
      );
      const call = cloud.call("cloudformation", "DescribeStacks", { StackName: "shop" }, asRole(Role?.Arn ?? "", "x"));
      await expect(call).rejects.toMatchObject({
        name: "AccessDenied",
        message: expect.stringMatching(
          /not authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:cloudformation:us-east-1:123456789012:stack\/shop\/\*/,
        ),
      });
    }));
});
