import { describe, expect, it } from "vitest";
import type { KnownProperties } from "../core/service.ts";
import { validate } from "./validate.ts";

const TYPES: Readonly<Record<string, KnownProperties>> = {
  "AWS::SQS::Queue": { DelaySeconds: true, RedrivePolicy: { maxReceiveCount: true } },
  "AWS::Lambda::Function": true,
  "AWS::IAM::Role": true,
};
const knownOf = (type: string) => TYPES[type];

describe("validation", () => {
  it("lists every warning without deploying", async () => {
    const body = `
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, AllowedValues: [dev, prod] }
  Mail: { Type: String, AllowedPattern: ".+@.+", MinLength: 10 }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  Queue: { Type: AWS::SQS::Queue, Properties: { Colour: red, RedrivePolicy: { maxRecieveCount: 3 } } }
  Key: { Type: AWS::KMS::Key }
  Chosen: { Type: AWS::SQS::Queue, Properties: !If [IsProd, { Colour: red }, { DelaySeconds: 1 }] }
  OnlyProd: { Type: AWS::Made::Up, Condition: IsProd }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs24.x, Handler: a.b, InlineCode: x, RuntimeManagementConfig: { UpdateRuntimeOn: Auto } }`;
    const expected = [
      "Resources.Fn.Properties.RuntimeManagementConfig: the local cloud does not know this property of AWS::Serverless::Function and passes it over",
      "Resources.Queue.Properties.Colour: the local cloud does not know this property of AWS::SQS::Queue and passes it over",
      "Resources.Queue.Properties.RedrivePolicy.maxRecieveCount: the local cloud does not know this property of AWS::SQS::Queue and passes it over",
      "Resources.Key: the local cloud does not make resources of type AWS::KMS::Key; it gets a placeholder id",
    ];
    expect(await validate({ body, knownOf })).toEqual(expected);
    expect(await validate({ body, knownOf, parameters: { Stage: "prod", Mail: "somebody@example.org" } })).toEqual([
      ...expected,
      "Resources.Chosen.Properties.Colour: the local cloud does not know this property of AWS::SQS::Queue and passes it over",
      "Resources.OnlyProd: the local cloud does not make resources of type AWS::Made::Up; it gets a placeholder id",
    ]);
  });

  it.each([
    [
      "Resources: { A: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref B } } }",
      "Unresolved resource dependencies [B]",
    ],
    [
      "Resources: { A: { Type: AWS::SQS::Queue, DependsOn: B }, B: { Type: AWS::SQS::Queue, DependsOn: A } }",
      "Circular dependency between resources: [A, B]",
    ],
    ["Resources: { A: { Type: AWS::CloudFormation::Stack } }", "nested stacks are not supported"],
    [
      "Parameters: { P: { Type: Number, Default: x } }\nResources: { A: { Type: AWS::SQS::Queue } }",
      "Parameter 'P' must be a number",
    ],
  ])("refuses %j", async (body, message) => {
    await expect(validate({ body, knownOf })).rejects.toThrow(message);
  });
});
