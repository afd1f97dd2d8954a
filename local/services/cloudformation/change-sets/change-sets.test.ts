import {
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  ListChangeSetsCommand,
  waitUntilChangeSetCreateComplete,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { closedGate, inWorld, saying, templateOf, thing, type World } from "../testing/world.ts";

const named = { StackName: "shop", ChangeSetName: "first" };
const create = (TemplateBody: string, more: Partial<CreateChangeSetCommandInput> = {}) =>
  new CreateChangeSetCommand({ ...named, ChangeSetType: "CREATE", TemplateBody, ...more });
const update = (TemplateBody: string, more: Partial<CreateChangeSetCommandInput> = {}) =>
  create(TemplateBody, { ChangeSetType: "UPDATE", ...more });
const SAM = { Transform: "AWS::Serverless-2016-10-31" };

async function existing({ client, settled }: World, TemplateBody: string): Promise<void> {
  await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody }));
  await settled();
}

describe("a change set for a new stack", () => {
  it("tells what it would make, and makes it when it is executed", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const made = await client.send(
        create(templateOf({ ...thing("B"), ...thing("A") }), { Description: "all", Tags: [{ Key: "a", Value: "b" }] }),
      );
      await waitUntilChangeSetCreateComplete({ client, maxWaitTime: 40 }, named);
      const described = await client.send(new DescribeChangeSetCommand(named));
      expect(described).toMatchObject({
        ChangeSetId: made.Id,
        StackId: made.StackId,
        Description: "all",
        Status: "CREATE_COMPLETE",
        ExecutionStatus: "AVAILABLE",
        Tags: [{ Key: "a", Value: "b" }],
        Changes: ["A", "B"].map((LogicalResourceId) => ({
          Type: "Resource",
          ResourceChange: { Action: "Add", LogicalResourceId, ResourceType: "Fake::Thing", Scope: [], Details: [] },
        })),
      });
      expect(fakes.calls).toEqual([]);
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: "shop" }));
      expect(Stacks?.[0]).toMatchObject({ StackId: made.StackId, StackStatus: "REVIEW_IN_PROGRESS" });

      await client.send(new ExecuteChangeSetCommand({ ...named, DisableRollback: false }));
      const stack = await settled();
      expect(stack).toMatchObject({ StackId: made.StackId, StackStatus: "CREATE_COMPLETE", ChangeSetId: made.Id });
      expect(fakes.calls.toSorted()).toEqual(["create A", "create B"]);
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: "shop" }));
      expect(StackEvents?.at(-1)).toMatchObject({ ResourceStatus: "REVIEW_IN_PROGRESS" });
      await expect
        .poll(async () => (await client.send(new DescribeChangeSetCommand({ ChangeSetName: made.Id }))).ExecutionStatus)
        .toBe("EXECUTE_COMPLETE");
      await expect(client.send(new ExecuteChangeSetCommand(named))).rejects.toMatchObject({
        name: "InvalidChangeSetStatusException",
        message: expect.stringContaining("execution status of [EXECUTE_COMPLETE]"),
      });
      await expect(client.send(create(templateOf(thing("A")), { ChangeSetName: "second" }))).rejects.toMatchObject({
        name: "ValidationError",
        message: "Stack [shop] already exists and cannot be created again with the changeSet [second].",
      });
    }));

  it("can be one of several until one is executed; deleting the stack ends them all", () =>
    inWorld(async ({ client }) => {
      const first = await client.send(create(templateOf(thing("A")), { ClientToken: "t" }));
      expect(await client.send(create(templateOf(thing("A")), { ClientToken: "t" }))).toMatchObject({ Id: first.Id });
      await expect(client.send(create(templateOf(thing("A"))))).rejects.toMatchObject({
        name: "AlreadyExistsException",
        message: "ChangeSet first already exists",
      });
      const second = await client.send(create(templateOf(thing("B")), { ChangeSetName: "second" }));
      expect(second.StackId).toBe(first.StackId);
      const list = async () =>
        (await client.send(new ListChangeSetsCommand({ StackName: "shop" }))).Summaries?.map(
          (one) => one.ChangeSetName,
        );
      expect(await list()).toEqual(["first", "second"]);
      await client.send(new DeleteChangeSetCommand(named));
      await client.send(new DeleteChangeSetCommand(named));
      expect(await list()).toEqual(["second"]);
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      await expect(list()).rejects.toMatchObject({ message: "Stack [shop] does not exist" });
      await expect(client.send(new DescribeChangeSetCommand({ ChangeSetName: second.Id }))).rejects.toMatchObject({
        name: "ChangeSetNotFoundException",
        message: `ChangeSet [${second.Id}] does not exist`,
        $metadata: { httpStatusCode: 404 },
      });
    }));

  it("says by its status what a transform did not like", () =>
    inWorld(async ({ client }) => {
      const body = templateOf(thing("F", { Runtime: "nodejs24.x" }, "AWS::Serverless::Function"), SAM);
      await client.send(create(body));
      expect(await client.send(new DescribeChangeSetCommand(named))).toMatchObject({
        Status: "FAILED",
        ExecutionStatus: "UNAVAILABLE",
        StatusReason: expect.stringMatching(
          /^Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document\..*\[F\]/,
        ),
      });
      await expect(client.send(new ExecuteChangeSetCommand(named))).rejects.toMatchObject({
        name: "InvalidChangeSetStatusException",
        message: expect.stringContaining("current status of [FAILED]"),
      });
    }));

  it("needs IAM to be acknowledged, but not the transform, which is seen in it", () =>
    inWorld(async ({ client }) => {
      const properties = { Runtime: "nodejs24.x", Handler: "index.handler", InlineCode: "exports.handler = () => 1" };
      const body = templateOf(thing("F", properties, "AWS::Serverless::Function"), SAM);
      await client.send(create(body));
      const refused = await client.send(new DescribeChangeSetCommand(named));
      expect(refused.StatusReason).toBe("Requires capabilities : [CAPABILITY_IAM]");
      const second = { ...named, ChangeSetName: "second" };
      await client.send(create(body, { ...second, Capabilities: ["CAPABILITY_IAM"] }));
      const accepted = await client.send(new DescribeChangeSetCommand(second));
      expect(accepted).toMatchObject({ Status: "CREATE_COMPLETE", Capabilities: ["CAPABILITY_IAM"] });
      expect(accepted.Changes?.map((change) => change.ResourceChange?.ResourceType)).toEqual([
        "AWS::Lambda::Function",
        "AWS::IAM::Role",
      ]);
      const { TemplateBody = "" } = await client.send(new GetTemplateCommand(second));
      expect(Object.keys(JSON.parse(TemplateBody).Resources)).toEqual(expect.arrayContaining(["F", "FRole"]));
    }));
});

describe("a change set for a stack that is there", () => {
  const before = templateOf({
    ...thing("Same"),
    ...thing("Changed", { Value: "1", Other: "x" }),
    ...thing("Gone"),
    ...thing("Anew", { Value: "1" }, "Fake::Fixed"),
    ...thing("User", { Value: { Ref: "Anew" } }),
  });
  const after = templateOf({
    ...thing("Same"),
    ...thing("Changed", { Value: "2", Other: "x" }),
    ...thing("Anew", { Value: "2" }, "Fake::Fixed"),
    ...thing("User", { Value: { "Fn::Select": [1, { "Fn::Split": ["-", { Ref: "Anew" }] }] } }),
    ...thing("Added"),
  });

  it("tells what is added, modified, replaced and removed", () =>
    inWorld(async (world) => {
      await existing(world, before);
      await world.client.send(update(after));
      const { Changes = [] } = await world.client.send(new DescribeChangeSetCommand(named));
      const detail = (Name: string, RequiresRecreation: string, Evaluation = "Static") =>
        expect.objectContaining({
          Target: { Attribute: "Properties", Name, RequiresRecreation },
          Evaluation,
          ChangeSource: Evaluation === "Static" ? "DirectModification" : "ResourceReference",
        });
      expect(Changes.map((change) => change.ResourceChange)).toEqual([
        expect.objectContaining({ Action: "Add", LogicalResourceId: "Added" }),
        expect.objectContaining({
          Action: "Modify",
          LogicalResourceId: "Anew",
          Replacement: "True",
          Details: [detail("Value", "Always")],
        }),
        expect.objectContaining({
          Action: "Modify",
          LogicalResourceId: "Changed",
          PhysicalResourceId: expect.stringMatching(/^Changed-/),
          Replacement: "Conditional",
          Scope: ["Properties"],
          Details: [detail("Value", "Conditionally")],
        }),
        expect.objectContaining({ Action: "Remove", LogicalResourceId: "Gone" }),
        expect.objectContaining({
          Action: "Modify",
          LogicalResourceId: "User",
          Details: [detail("Value", "Conditionally", "Dynamic")],
        }),
      ]);
    }));

  it("tells of changed attributes beside the properties", () =>
    inWorld(async (world) => {
      await existing(world, templateOf(thing("A")));
      const [A] = Object.values(thing("A"));
      await world.client.send(
        update(templateOf({ A: { ...A, DeletionPolicy: "Retain", Metadata: { team: "blue" } } })),
      );
      const { Changes = [] } = await world.client.send(new DescribeChangeSetCommand(named));
      expect(Changes.map((change) => change.ResourceChange)).toMatchObject([
        {
          Action: "Modify",
          Replacement: "False",
          Scope: ["Metadata", "DeletionPolicy"],
          Details: [{ Target: { Attribute: "Metadata" } }, { Target: { Attribute: "DeletionPolicy" } }],
        },
      ]);
    }));

  it("fails when there is nothing to change", () =>
    inWorld(async (world) => {
      await existing(world, before);
      await world.client.send(update(before));
      expect(await world.client.send(new DescribeChangeSetCommand(named))).toMatchObject({
        Status: "FAILED",
        StatusReason:
          "The submitted information didn't contain changes. Submit different information to create a change set.",
      });
    }));

  it("is the only one left once it is executed, and fails with the stack", () =>
    inWorld(async (world) => {
      const { client, fakes, settled } = world;
      await existing(world, before);
      await client.send(update(after));
      await client.send(update(after, { ChangeSetName: "second" }));
      const gate = closedGate();
      fakes.before = async (call) => {
        await gate.wait();
        if (call === "create Added") throw new Error("no room");
      };
      await client.send(new ExecuteChangeSetCommand(named));
      await expect(client.send(new DeleteChangeSetCommand(named))).rejects.toMatchObject({
        name: "InvalidChangeSetStatusException",
      });
      gate.open();
      expect((await settled()).StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
      await expect
        .poll(async () => (await client.send(new DescribeChangeSetCommand(named))).ExecutionStatus)
        .toBe("EXECUTE_FAILED");
      await expect(
        client.send(new DescribeChangeSetCommand({ ...named, ChangeSetName: "second" })),
      ).rejects.toMatchObject({ name: "ChangeSetNotFoundException", message: "ChangeSet [second] does not exist" });
    }));

  it.each([
    ["an import", { ChangeSetType: "IMPORT" as const }, "ChangeSetType IMPORT is not supported by the local cloud."],
    ["another stack", { StackName: "other" }, "Stack [other] does not exist"],
    ["a bad name", { ChangeSetName: "a b" }, /^1 validation error detected: Value 'a b' at 'changeSetName'/],
    ["a template that is none", { TemplateBody: "- a" }, "Template format error: unsupported structure."],
    [
      "another type for a resource",
      { TemplateBody: templateOf(thing("Same", {}, "Fake::Fixed")) },
      /^Update of resource type/,
    ],
    [
      "a notification",
      { NotificationARNs: ["arn:aws:sns:us-east-1:1:x"] },
      "NotificationARNs is not supported by the local cloud.",
    ],
  ])("is refused with %s", (_what, input, message) =>
    inWorld(async (world) => {
      await existing(world, before);
      await expect(world.client.send(update(after, input))).rejects.toMatchObject({
        name: "ValidationError",
        message: saying(message),
      });
      expect((await world.client.send(new ListChangeSetsCommand({ StackName: "shop" }))).Summaries).toEqual([]);
    }),
  );
});
