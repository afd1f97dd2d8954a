import {
  CreateStackCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { inWorld, templateOf, thing } from "../testing/world.ts";

const SAM = `
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Description: one table
Metadata: { Team: blue }
Parameters:
  Kind: { Type: String, Default: a, AllowedValues: [a, b], Description: which }
  Secret: { Type: String, NoEcho: true }
Resources:
  Table: { Type: AWS::Serverless::SimpleTable }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: mine } }
`;

describe("a template in S3", () => {
  it("is deployed from any address that names it", () =>
    inWorld(async ({ cloud, client, settled }) => {
      const s3 = cloud.client(S3Client);
      await s3.send(new CreateBucketCommand({ Bucket: "code" }));
      await s3.send(new PutObjectCommand({ Bucket: "code", Key: "t.json", Body: templateOf(thing("A")) }));
      const TemplateURL = "https://s3.eu-west-1.amazonaws.com/code/t.json";
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateURL }));
      expect((await settled()).StackStatus).toBe("CREATE_COMPLETE");
    }));

  it("has to be there", () =>
    inWorld(async ({ cloud, client }) => {
      await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "code" }));
      const TemplateURL = "https://s3.amazonaws.com/code/missing.json";
      await expect(client.send(new ValidateTemplateCommand({ TemplateURL }))).rejects.toMatchObject({
        name: "ValidationError",
        message: expect.stringMatching(/^S3 error: The specified key does not exist\.\nFor more information check /),
      });
    }));
});

describe("the template of a stack", () => {
  it("is given as it was, and as its transforms made it", () =>
    inWorld(async ({ client, settled }) => {
      const body = SAM.replace(/ {2}Role:.*\n/, "");
      await client.send(
        new CreateStackCommand({
          StackName: "shop",
          TemplateBody: body,
          Capabilities: ["CAPABILITY_AUTO_EXPAND"],
          Parameters: [{ ParameterKey: "Secret", ParameterValue: "x" }],
        }),
      );
      await settled();
      const original = await client.send(new GetTemplateCommand({ StackName: "shop", TemplateStage: "Original" }));
      expect(original).toMatchObject({ TemplateBody: body, StagesAvailable: ["Original", "Processed"] });
      const processed = await client.send(new GetTemplateCommand({ StackName: "shop" }));
      const template = JSON.parse(processed.TemplateBody ?? "");
      expect(template.Resources.Table.Type).toBe("AWS::DynamoDB::Table");
      expect(template).not.toHaveProperty("Transform");
    }));

  it("is the same before and after when it has no transform", () =>
    inWorld(async ({ client, settled }) => {
      const TemplateBody = `# a comment\n${templateOf(thing("A"))}`;
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody }));
      await settled();
      expect((await client.send(new GetTemplateCommand({ StackName: "shop" }))).TemplateBody).toBe(TemplateBody);
    }));

  it("needs a stack", () =>
    inWorld(async ({ client }) => {
      await expect(client.send(new GetTemplateCommand({ StackName: "shop" }))).rejects.toMatchObject({
        name: "ValidationError",
        message: "Stack with id shop does not exist",
      });
    }));
});

describe("what a template says of itself", () => {
  const needs = {
    Description: "one table",
    Capabilities: ["CAPABILITY_AUTO_EXPAND", "CAPABILITY_NAMED_IAM"],
    CapabilitiesReason: "The following resource(s) require capabilities: [AWS::IAM::Role, AWS::Serverless-2016-10-31]",
    DeclaredTransforms: ["AWS::Serverless-2016-10-31"],
  };

  it("is its parameters, types and what it needs", () =>
    inWorld(async ({ client }) => {
      expect(await client.send(new GetTemplateSummaryCommand({ TemplateBody: SAM }))).toMatchObject({
        ...needs,
        Version: "2010-09-09",
        Metadata: '{"Team":"blue"}',
        ResourceTypes: ["AWS::Serverless::SimpleTable", "AWS::IAM::Role"],
        Parameters: [
          {
            ParameterKey: "Kind",
            DefaultValue: "a",
            ParameterType: "String",
            NoEcho: false,
            Description: "which",
            ParameterConstraints: { AllowedValues: ["a", "b"] },
          },
          { ParameterKey: "Secret", ParameterType: "String", NoEcho: true },
        ],
      });
      expect(await client.send(new ValidateTemplateCommand({ TemplateBody: SAM }))).toMatchObject({
        ...needs,
        Parameters: [
          { ParameterKey: "Kind", DefaultValue: "a", NoEcho: false, Description: "which" },
          { ParameterKey: "Secret", NoEcho: true },
        ],
      });
    }));

  it("can be asked of a stack", () =>
    inWorld(async ({ client, settled }) => {
      await client.send(new CreateStackCommand({ StackName: "shop", TemplateBody: templateOf(thing("A")) }));
      await settled();
      const summary = await client.send(new GetTemplateSummaryCommand({ StackName: "shop" }));
      expect(summary).toMatchObject({ ResourceTypes: ["Fake::Thing"], Parameters: [] });
      expect(summary.Capabilities ?? []).toEqual([]);
    }));

  it.each([
    ["no resources", "Description: x", "At least one Resources member must be defined"],
    [
      "a name that nothing has",
      templateOf(thing("A", { Value: { Ref: "B" } })),
      "Unresolved resource dependencies [B]",
    ],
    ["an unknown macro", templateOf(thing("A"), { Transform: "Mine" }), "No transform named Mine found."],
    [
      "a SAM type without the transform",
      templateOf(thing("A", {}, "AWS::Serverless::Api")),
      "Unrecognized resource types",
    ],
  ])("is refused with %s", (_what, TemplateBody, message) =>
    inWorld(async ({ client }) => {
      await expect(client.send(new ValidateTemplateCommand({ TemplateBody }))).rejects.toMatchObject({
        name: "ValidationError",
        message: expect.stringContaining(message),
      });
    }),
  );
});
