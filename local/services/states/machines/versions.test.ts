import {
  CreateStateMachineAliasCommand,
  DeleteStateMachineVersionCommand,
  DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand,
  ListStateMachineAliasesCommand,
  ListStateMachineVersionsCommand,
  PublishStateMachineVersionCommand,
  UpdateStateMachineAliasCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { single, statesCloud } from "../test-cloud.ts";

const hello = single({ Type: "Pass", Result: "hello" });

describe("versions and aliases", () => {
  const result = (text: string) => JSON.stringify(single({ Type: "Pass", Result: text }));

  it("freeze a definition and lead executions to it", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(result("one"), { publish: true, name: "v" });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("two"), publish: true }),
    );
    await states.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("three") }));
    expect(
      (await states.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn: arn }))).stateMachineVersions?.map(
        ({ stateMachineVersionArn }) => stateMachineVersionArn,
      ),
    ).toEqual([`${arn}:2`, `${arn}:1`]);
    expect([
      (await states.run(arn)).output,
      (await states.run(`${arn}:1`)).output,
      (await states.run(`${arn}:2`)).output,
    ]).toEqual(["three", "one", "two"]);
    expect((await states.run(`${arn}:1`)).execution.stateMachineVersionArn).toBe(`${arn}:1`);
    expect(
      JSON.parse(
        (await states.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: `${arn}:1` }))).definition ?? "",
      ),
    ).toEqual(JSON.parse(result("one")));
  });

  it("answer the same version again without a change, and refuse an old revision", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello);
    const first = await states.sfn.send(
      new PublishStateMachineVersionCommand({ stateMachineArn: arn, revisionId: "INITIAL" }),
    );
    const again = await states.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: arn }));
    expect(again.stateMachineVersionArn).toBe(first.stateMachineVersionArn);
    await states.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("x") }));
    await expect(
      states.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: arn, revisionId: "INITIAL" })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it("share executions by weight", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(result("one"), { publish: true });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("two"), publish: true }),
    );
    const routing = (one: number) => [
      { stateMachineVersionArn: `${arn}:1`, weight: one },
      { stateMachineVersionArn: `${arn}:2`, weight: 100 - one },
    ];
    const { stateMachineAliasArn = "" } = await states.sfn.send(
      new CreateStateMachineAliasCommand({ name: "live", routingConfiguration: routing(30) }),
    );
    expect(stateMachineAliasArn).toBe(`${arn}:live`);
    const outputs: unknown[] = [];
    for (let n = 0; n < 60; n++) outputs.push((await states.run(stateMachineAliasArn)).output);
    const ones = outputs.filter((output) => output === "one").length;
    expect(ones).toBeGreaterThan(8);
    expect(ones).toBeLessThan(30);
    await states.sfn.send(
      new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: routing(0) }),
    );
    const { execution, output } = await states.run(stateMachineAliasArn);
    expect(output).toBe("two");
    expect(execution.stateMachineAliasArn).toBe(stateMachineAliasArn);
    expect(
      (await states.sfn.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))).routingConfiguration,
    ).toEqual(routing(0));
    expect(
      (await states.sfn.send(new ListStateMachineAliasesCommand({ stateMachineArn: arn }))).stateMachineAliases,
    ).toHaveLength(1);
    await expect(
      states.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${arn}:2` })),
    ).rejects.toMatchObject({ name: "ConflictException" });
  });

  it.each([
    [[70, 29], "Sum of routing configuration weights must equal 100. Received: [70, 29]"],
    [
      [101],
      "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
  ])("refuse weights %j", async (weights, message) => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { publish: true });
    await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: result("x"), publish: true }),
    );
    const routingConfiguration = weights.map((weight, index) => ({
      stateMachineVersionArn: `${arn}:${index + 1}`,
      weight,
    }));
    await expect(
      states.sfn.send(new CreateStateMachineAliasCommand({ name: "live", routingConfiguration })),
    ).rejects.toMatchObject({ name: "ValidationException", message });
  });
});
