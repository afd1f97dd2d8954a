import { DescribeStateMachineCommand, ListStateMachinesCommand, ListTagsForResourceCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import type { ResourceContext, ResourceProvider } from "../../../core/service.ts";
import { single, statesCloud, type StatesCloud } from "../test-cloud.ts";
import { substituted } from "./definition.ts";

const context: ResourceContext = {
  stackName: "stack",
  stackId: "arn:aws:cloudformation:us-east-1:123456789012:stack/stack/1",
  logicalId: "Machine",
  tags: { "aws:cloudformation:stack-name": "stack" },
  physicalName: () => "stack-Machine-abc",
  folder: undefined,
};
const ROLE = "arn:aws:iam::123456789012:role/none";

async function providerOf(states: StatesCloud, type: string): Promise<ResourceProvider> {
  const provider = await states.cloud.providerOf(type);
  if (!provider) throw new Error(`There is no provider of ${type}`);
  return provider;
}

describe("AWS::StepFunctions::StateMachine", () => {
  it("makes a machine from an object with substitutions, and answers its attributes", async () => {
    await using states = await statesCloud();
    const provider = await providerOf(states, "AWS::StepFunctions::StateMachine");
    const properties = {
      Definition: single({ Type: "Pass", Result: "${Greeting}" }),
      DefinitionSubstitutions: { Greeting: 'say "hi"' },
      RoleArn: ROLE,
      StateMachineType: "STANDARD",
      Tags: [{ Key: "app", Value: "x" }],
      TracingConfiguration: { Enabled: "true" },
    };
    const { physicalId, attributes } = await provider.create(properties, context);
    expect(physicalId).toBe(states.cloud.arn("states", "stateMachine:stack-Machine-abc"));
    expect(attributes).toEqual({ Arn: physicalId, Name: "stack-Machine-abc", StateMachineRevisionId: "INITIAL" });
    expect((await states.run(physicalId)).output).toBe('say "hi"');
    expect(
      (await states.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: physicalId }))).tracingConfiguration,
    ).toEqual({ enabled: true });
    expect((await states.sfn.send(new ListTagsForResourceCommand({ resourceArn: physicalId }))).tags).toContainEqual({
      key: "app",
      value: "x",
    });
  });

  it("is updated in place, replaced for another type, and deleted", async () => {
    await using states = await statesCloud();
    const provider = await providerOf(states, "AWS::StepFunctions::StateMachine");
    const properties = { DefinitionString: JSON.stringify(single({ Type: "Pass", Result: 1 })), RoleArn: ROLE };
    const { physicalId } = await provider.create(properties, context);
    const changed = { ...properties, DefinitionString: JSON.stringify(single({ Type: "Pass", Result: 2 })) };
    expect(await provider.update?.(physicalId, changed, properties, context)).toMatchObject({ physicalId });
    expect((await states.run(physicalId)).output).toBe(2);
    expect(await provider.update?.(physicalId, { ...changed, StateMachineType: "EXPRESS" }, changed, context)).toBe(
      "replace",
    );
    await provider.delete(physicalId, changed, context);
    expect((await states.sfn.send(new ListStateMachinesCommand({}))).stateMachines).toEqual([]);
  });

  it("refuses a bad definition with what is wrong", async () => {
    await using states = await statesCloud();
    const provider = await providerOf(states, "AWS::StepFunctions::StateMachine");
    await expect(provider.create({ DefinitionString: "{}", RoleArn: ROLE }, context)).rejects.toThrow(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
    );
  });
});

describe("versions, aliases and activities of a template", () => {
  it("are made and removed", async () => {
    await using states = await statesCloud();
    const { physicalId: machine } = await (
      await providerOf(states, "AWS::StepFunctions::StateMachine")
    ).create({ Definition: single({ Type: "Succeed" }), RoleArn: ROLE }, context);
    const versions = await providerOf(states, "AWS::StepFunctions::StateMachineVersion");
    const { physicalId: version } = await versions.create(
      { StateMachineArn: machine, StateMachineRevisionId: "INITIAL" },
      context,
    );
    expect(version).toBe(`${machine}:1`);
    const aliases = await providerOf(states, "AWS::StepFunctions::StateMachineAlias");
    const routing = { Name: "live", RoutingConfiguration: [{ StateMachineVersionArn: version, Weight: 100 }] };
    const { physicalId: alias } = await aliases.create(routing, context);
    expect((await states.run(alias, {})).execution.stateMachineVersionArn).toBe(version);
    await aliases.delete(alias, routing, context);
    await versions.delete(version, {}, context);
    const activities = await providerOf(states, "AWS::StepFunctions::Activity");
    expect(await activities.create({ Name: "approve" }, context)).toEqual({
      physicalId: states.cloud.arn("states", "activity:approve"),
      attributes: { Arn: states.cloud.arn("states", "activity:approve"), Name: "approve" },
    });
  });
});

describe("substitutions", () => {
  it("leave names alone that have no value, and JSONPath and JSONata as well", () => {
    const text = '{"a":"${A}","b":"${B}","c.$":"$.x","d":"{% $x %}"}';
    expect(substituted(text, { A: 1 })).toBe('{"a":"1","b":"${B}","c.$":"$.x","d":"{% $x %}"}');
  });
});
