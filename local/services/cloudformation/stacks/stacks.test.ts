import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListExportsCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { closedGate, inWorld, saying, templateOf, thing } from "../testing/world.ts";

const failsWith = (name: string, message: string | RegExp) =>
  expect.objectContaining({
    name,
    message: saying(message),
    $metadata: expect.objectContaining({ httpStatusCode: 400 }),
  });

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

describe("an update", () => {
  const body = templateOf(
    { ...thing("A", { Value: { Ref: "Size" } }), ...thing("B") },
    { Parameters: { Size: { Type: "String" } }, Outputs: { A: { Value: { Ref: "A" } } } },
  );
  const create = new CreateStackCommand({
    StackName: "shop",
    TemplateBody: body,
    Parameters: [{ ParameterKey: "Size", ParameterValue: "1" }],
    Tags: [{ Key: "team", Value: "blue" }],
  });
  const kept = [{ ParameterKey: "Size", UsePreviousValue: true }];

  it("changes what differs and keeps tags", () =>
    inWorld(async ({ client, fakes, settled }) => {
      await client.send(create);
      await settled();
      const before = fakes.calls.length;
      await client.send(
        new UpdateStackCommand({
          StackName: "shop",
          UsePreviousTemplate: true,
          Parameters: [{ ParameterKey: "Size", ParameterValue: "2" }],
        }),
      );
      expect(await settled()).toMatchObject({ StackStatus: "UPDATE_COMPLETE", Tags: [{ Key: "team", Value: "blue" }] });
      expect(fakes.calls.slice(before)).toEqual(["update A-1"]);
    }));

  it.each([
    ["nothing", { UsePreviousTemplate: true, Parameters: kept }, "No updates are to be performed."],
    [
      "only a description",
      { TemplateBody: body.replace("{", '{"Description":"new",'), Parameters: kept },
      "No updates are to be performed.",
    ],
    [
      "a parameter that was not there",
      { TemplateBody: body, Parameters: [{ ParameterKey: "X", UsePreviousValue: true }] },
      /parameter key X\./,
    ],
    ["two templates", { TemplateBody: body, UsePreviousTemplate: true, Parameters: kept }, /^Only one of/],
    ["another stack", { StackName: "other", TemplateBody: body }, "Stack [other] does not exist"],
  ])("is refused with %s", (_what, input, message) =>
    inWorld(async ({ client, settled }) => {
      await client.send(create);
      await settled();
      await expect(client.send(new UpdateStackCommand({ StackName: "shop", ...input }))).rejects.toEqual(
        failsWith("ValidationError", message),
      );
    }),
  );

  it.each([
    ["an output", { TemplateBody: body.replace('"Outputs":{', '"Outputs":{"More":{"Value":"x"},'), Parameters: kept }],
    ["a tag", { UsePreviousTemplate: true, Parameters: kept, Tags: [{ Key: "team", Value: "red" }] }],
  ])("may be of %s alone", (_what, input) =>
    inWorld(async ({ client, settled, fakes }) => {
      await client.send(create);
      await settled();
      const before = fakes.calls.length;
      await client.send(new UpdateStackCommand({ StackName: "shop", ...input }));
      expect((await settled()).StackStatus).toBe("UPDATE_COMPLETE");
      expect(fakes.calls.slice(before)).toEqual([]);
    }),
  );

  it("is refused while another operation is under way", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const gate = closedGate();
      fakes.before = gate.wait;
      await client.send(create);
      const again = client.send(new UpdateStackCommand({ StackName: "shop", TemplateBody: body, Parameters: kept }));
      await expect(again).rejects.toEqual(
        failsWith("ValidationError", /is in CREATE_IN_PROGRESS state and can not be updated/),
      );
      const gone = client.send(new DeleteStackCommand({ StackName: "shop" }));
      await expect(gone).rejects.toEqual(
        failsWith("ValidationError", /cannot be deleted while in status CREATE_IN_PROGRESS/),
      );
      gate.open();
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));
});

describe("a stack that is deleted", () => {
  it("is found by its id only, with its resources", () =>
    inWorld(async ({ client, settled }) => {
      const { StackId: id = "" } = await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A")) }),
      );
      await settled();
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      expect(await settled(id)).toMatchObject({ StackStatus: "DELETE_COMPLETE", DeletionTime: expect.any(Date) });
      await expect(client.send(new DescribeStacksCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack with id shop does not exist"),
      );
      await expect(client.send(new DescribeStackEventsCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack [shop] does not exist"),
      );
      const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: id }));
      expect(StackResources).toMatchObject([{ LogicalResourceId: "A", ResourceStatus: "DELETE_COMPLETE" }]);
      expect((await client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
      const listed = await client.send(new ListStacksCommand({ StackStatusFilter: ["DELETE_COMPLETE"] }));
      expect(listed.StackSummaries?.map((one) => one.StackId)).toEqual([id]);
    }));

  it("keeps what cannot be deleted until it is told to leave it", () =>
    inWorld(async ({ client, fakes, settled }) => {
      const { StackId: id = "" } = await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf({ ...thing("A"), ...thing("B") }) }),
      );
      await settled();
      const retain = new DeleteStackCommand({ StackName: "shop", RetainResources: ["A"] });
      await expect(client.send(retain)).rejects.toEqual(
        failsWith("ValidationError", /only when the stack is in the DELETE_FAILED/),
      );
      fakes.before = (call) => {
        if (call === "delete A-1") throw new Error("not empty");
      };
      await client.send(new DeleteStackCommand({ StackName: "shop" }));
      expect(await settled()).toMatchObject({
        StackStatus: "DELETE_FAILED",
        StackStatusReason: expect.stringContaining("[A]"),
      });
      await client.send(retain);
      expect((await settled(id)).StackStatus).toBe("DELETE_COMPLETE");
      expect([...fakes.existing.keys()]).toEqual(["A-1"]);
    }));

  it("need not exist", () =>
    inWorld(async ({ client }) => {
      await expect(client.send(new DeleteStackCommand({ StackName: "nothing" }))).resolves.toBeDefined();
    }));
});

describe("resources", () => {
  it("are found by logical and by physical id", () =>
    inWorld(async ({ client, settled }) => {
      await client.send(
        new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf({ ...thing("A"), ...thing("B") }) }),
      );
      await settled();
      const one = await client.send(new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "B" }));
      expect(one.StackResourceDetail).toMatchObject({
        PhysicalResourceId: "B-2",
        ResourceType: "Fake::Thing",
        Metadata: "{}",
      });
      const owner = await client.send(
        new DescribeStackResourcesCommand({ PhysicalResourceId: "A-1", LogicalResourceId: "A" }),
      );
      expect(owner.StackResources).toMatchObject([{ StackName: "shop", LogicalResourceId: "A" }]);
      await expect(
        client.send(new DescribeStackResourceCommand({ StackName: "shop", LogicalResourceId: "C" })),
      ).rejects.toEqual(failsWith("ValidationError", "Resource C does not exist for stack shop"));
      await expect(client.send(new DescribeStackResourcesCommand({ PhysicalResourceId: "C" }))).rejects.toEqual(
        failsWith("ValidationError", "Stack for C does not exist"),
      );
    }));

  it("are listed by the hundred", () =>
    inWorld(async ({ client, settled }) => {
      const ids = Array.from({ length: 101 }, (_, index) => `T${String(index).padStart(3, "0")}`);
      const TemplateBody = templateOf(Object.assign({}, ...ids.map((id) => thing(id))));
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody }));
      await settled();
      const first = await client.send(new ListStackResourcesCommand({ StackName: "shop" }));
      expect(first.StackResourceSummaries).toHaveLength(100);
      const NextToken = first.NextToken ?? "";
      const second = await client.send(new ListStackResourcesCommand({ StackName: "shop", NextToken }));
      expect(second.StackResourceSummaries?.map((one) => one.LogicalResourceId)).toEqual(["T100"]);
      expect(second.NextToken).toBeUndefined();
      await expect(client.send(new ListStackResourcesCommand({ StackName: "shop", NextToken: "bad" }))).rejects.toEqual(
        failsWith("ValidationError", "NextToken is not valid: bad"),
      );
      const events: string[] = [];
      let token: string | undefined;
      do {
        const page = await client.send(new DescribeStackEventsCommand({ StackName: "shop", NextToken: token }));
        events.push(...(page.StackEvents ?? []).map((event) => event.EventId ?? ""));
        token = page.NextToken;
      } while (token !== undefined);
      expect(new Set(events).size).toBe(2 + 2 * 101);
      expect(events).toHaveLength(2 + 2 * 101);
    }));
});

describe("exports", () => {
  it("are listed with who imports them, and hold their stack", () =>
    inWorld(async ({ client, settled }) => {
      const outputs = { Outputs: { A: { Value: { Ref: "A" }, Export: { Name: "the-a" } } } };
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A"), outputs) }));
      const { StackId } = await settled();
      expect((await client.send(new ListExportsCommand({}))).Exports).toEqual([
        { ExportingStackId: StackId, Name: "the-a", Value: "A-1" },
      ]);
      await expect(client.send(new ListImportsCommand({ ExportName: "the-a" }))).rejects.toEqual(
        failsWith("ValidationError", "Export 'the-a' is not imported by any stack."),
      );
      const user = templateOf(thing("B", { Value: { "Fn::ImportValue": "the-a" } }));
      await client.send(new CreateStackCommand({ StackName: "user", TemplateBody: user }));
      await settled("user");
      expect((await client.send(new ListImportsCommand({ ExportName: "the-a" }))).Imports).toEqual(["user"]);
      await expect(client.send(new DeleteStackCommand({ StackName: "shop" }))).rejects.toEqual(
        failsWith("ValidationError", "Export the-a cannot be deleted as it is in use by user"),
      );
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));
});
