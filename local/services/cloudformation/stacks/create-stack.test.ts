import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { closedGate, failsWith, inWorld, templateOf, thing } from "../testing/world.ts";

describe("a stack that is created", () => {
  it("is in progress at once, with the resources that are being made, and complete in the end", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const gate = closedGate();
      fakes.before = (call) => (call === "create B" ? gate.wait() : undefined);
      const { StackId: id } = await client.send(
        new CreateStackCommand({
          StackName: "shop",
          TemplateBody: templateOf(
            { ...thing("A"), ...thing("B", { Value: { Ref: "A" } }) },
            {
              Description: "a shop",
              Parameters: { Size: { Type: "Number", Default: 3 }, Secret: { Type: "String", NoEcho: true } },
              Outputs: { Name: { Value: { Ref: "B" }, Description: "the name", Export: { Name: "shop-name" } } },
            },
          ),
          Parameters: [{ ParameterKey: "Secret", ParameterValue: "s3cret" }],
          Tags: [{ Key: "team", Value: "blue" }],
        }),
      );
      expect(id).toMatch(/^arn:aws:cloudformation:us-east-1:123456789012:stack\/shop\/[0-9a-f-]{36}$/);
      await expect.poll(() => fakes.calls).toContain("create B");
      const under = await client.send(new DescribeStacksCommand({ StackName: "shop" }));
      expect(under.Stacks?.[0]).toMatchObject({
        StackStatus: "CREATE_IN_PROGRESS",
        StackStatusReason: "User Initiated",
      });
      const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName: "shop" }));
      expect(StackResourceSummaries?.map((one) => [one.LogicalResourceId, one.ResourceStatus])).toEqual([
        ["A", "CREATE_COMPLETE"],
        ["B", "CREATE_IN_PROGRESS"],
      ]);

      gate.open();
      expect(await settled()).toEqual(
        expect.objectContaining({
          StackId: id,
          StackStatus: "CREATE_COMPLETE",
          Description: "a shop",
          CreationTime: new Date(Date.UTC(2030, 0, 7, 12)),
          Parameters: [
            { ParameterKey: "Size", ParameterValue: "3" },
            { ParameterKey: "Secret", ParameterValue: "****" },
          ],
          Outputs: [{ OutputKey: "Name", OutputValue: "B-2", Description: "the name", ExportName: "shop-name" }],
          Tags: [{ Key: "team", Value: "blue" }],
          DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
        }),
      );
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: "shop" }));
      expect(StackEvents?.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}`)).toEqual([
        "shop CREATE_COMPLETE",
        "B CREATE_COMPLETE",
        "B CREATE_IN_PROGRESS",
        "A CREATE_COMPLETE",
        "A CREATE_IN_PROGRESS",
        "shop CREATE_IN_PROGRESS",
      ]);
    }));

  it("satisfies the waiters of the SDK, and so does its deletion", () =>
    inWorld(async ({ client }) => {
      const waiter = { client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 };
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A")) }));
      expect(await waitUntilStackCreateComplete(waiter, { StackName: "shop" })).toMatchObject({ state: "SUCCESS" });
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      expect(await waitUntilStackDeleteComplete(waiter, { StackName: "shop" })).toMatchObject({ state: "SUCCESS" });
    }));

  it("is rolled back when a resource fails, and tells why", () =>
    inWorld(async ({ client, fakes, settled }) => {
      fakes.before = (call) => {
        if (call === "create B") throw new Error("no room");
      };
      const body = templateOf({ ...thing("A"), ...thing("B", { Value: { Ref: "A" } }) });
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: body }));
      const stack = await settled();
      expect(stack.StackStatus).toBe("ROLLBACK_COMPLETE");
      expect(stack.StackStatusReason).toContain("The following resource(s) failed to create: [B]");
      const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: "shop" }));
      expect(
        StackResources?.map((one) => [one.LogicalResourceId, one.ResourceStatus, one.ResourceStatusReason]),
      ).toEqual([
        ["A", "DELETE_COMPLETE", undefined],
        ["B", "CREATE_FAILED", "no room"],
      ]);
      await expect(client.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: body }))).rejects.toEqual(
        failsWith("ValidationError", /^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/),
      );
      await expect(client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: body }))).rejects.toEqual(
        failsWith("AlreadyExistsException", "Stack [shop] already exists"),
      );
    }));

  it("may be asked for in express mode, as `sam sync` does", () =>
    inWorld(async ({ client, settled }) => {
      const stack = { StackName: "shop", TemplateBody: templateOf(thing("A")) };
      const express = (DisableRollback: boolean) =>
        new CreateStackCommand({ ...stack, DeploymentConfig: { Mode: "EXPRESS", DisableRollback } });
      await expect(client.send(express(true))).rejects.toEqual(
        failsWith("ValidationError", "DisableRollback is not supported by the local cloud."),
      );
      await client.send(express(false));
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));

  it.each([
    ["no name", { TemplateBody: "{}" }, "ValidationError", /'stackName' failed .* must not be null/],
    ["a bad name", { StackName: "1x", TemplateBody: "{}" }, "ValidationError", /Value '1x' at 'stackName'/],
    ["no template", { StackName: "x" }, "ValidationError", "Either Template URL or Template Body must be specified."],
    ["no resources", { StackName: "x", TemplateBody: "{}" }, "ValidationError", /At least one Resources member/],
    [
      "broken YAML",
      { StackName: "x", TemplateBody: "a: [" },
      "ValidationError",
      /^Template format error: YAML not well-formed/,
    ],
    [
      "a long template",
      { StackName: "x", TemplateBody: "#".repeat(51_201) },
      "ValidationError",
      /at 'templateBody' failed/,
    ],
    [
      "an unknown capability",
      { StackName: "x", TemplateBody: "{}", Capabilities: ["ALL" as "CAPABILITY_IAM"] },
      "ValidationError",
      /Value 'ALL' at 'capabilities\.1\.member' failed/,
    ],
    [
      "a role",
      { StackName: "x", RoleARN: "arn:aws:iam::1:role/x" },
      "ValidationError",
      "RoleARN is not supported by the local cloud.",
    ],
    [
      "a tag twice",
      {
        StackName: "x",
        TemplateBody: "{}",
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "a", Value: "2" },
        ],
      },
      "ValidationError",
      "Duplicate tag keys found: a",
    ],
    [
      "a parameter without value",
      { StackName: "x", TemplateBody: "{}", Parameters: [{ ParameterKey: "A" }] },
      "ValidationError",
      /parameter key A\. Need to specify either/,
    ],
    [
      "an unknown parameter",
      { StackName: "x", TemplateBody: templateOf(thing("A")), Parameters: [{ ParameterKey: "B", ParameterValue: "" }] },
      "ValidationError",
      "Parameters: [B] do not exist in the template",
    ],
    [
      "a role without acknowledgement",
      { StackName: "x", TemplateBody: templateOf(thing("A", {}, "AWS::IAM::Role")) },
      "InsufficientCapabilitiesException",
      "Requires capabilities : [CAPABILITY_IAM]",
    ],
    [
      "a transform without acknowledgement",
      {
        StackName: "x",
        TemplateBody: templateOf(thing("A", {}, "AWS::Serverless::SimpleTable"), {
          Transform: "AWS::Serverless-2016-10-31",
        }),
      },
      "InsufficientCapabilitiesException",
      "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
    ],
  ])("is refused with %s", (_what, input, name, message) =>
    inWorld(async ({ client, fakes }) => {
      await expect(client.send(new CreateStackCommand({ StackName: undefined, ...input }))).rejects.toEqual(
        failsWith(name, message),
      );
      expect((await client.send(new ListStacksCommand({}))).StackSummaries).toEqual([]);
      expect(fakes.calls).toEqual([]);
    }),
  );
});
