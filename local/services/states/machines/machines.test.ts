import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  StartExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { LOG_DELIVERY_ACTIONS } from "./log-delivery.ts";
import { single, statesCloud } from "../test-cloud.ts";

const hello = single({ Type: "Pass", Result: "hello" });
const ROLE = "arn:aws:iam::123456789012:role/none";

describe("a state machine", () => {
  it("is described as it was created", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { name: "greeter", tags: [{ key: "app", value: "x" }] });
    expect(arn).toBe("arn:aws:states:us-east-1:123456789012:stateMachine:greeter");
    const described = await states.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    expect(described).toMatchObject({
      name: "greeter",
      status: "ACTIVE",
      type: "STANDARD",
      roleArn: ROLE,
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(described.creationDate).toEqual(new Date("2030-01-07T12:00:00Z"));
    expect(JSON.parse(described.definition ?? "")).toEqual(hello);
    expect(described.revisionId).toBeUndefined();
  });

  it("may be created twice alike, but not otherwise under the same name", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello, { name: "same" });
    expect(await states.machine(hello, { name: "same" })).toBe(arn);
    await expect(states.machine(single({ Type: "Succeed" }), { name: "same" })).rejects.toMatchObject({
      name: "StateMachineAlreadyExists",
      message: `State Machine Already Exists: '${arn}'`,
    });
  });

  it("goes on with its old definition in running executions when it is updated", async () => {
    await using states = await statesCloud();
    const waits = (result: string) => ({
      StartAt: "W",
      States: { W: { Type: "Wait", Seconds: 60, Next: "P" }, P: { Type: "Pass", Result: result, End: true } },
    });
    const arn = await states.machine(waits("old"));
    const { executionArn } = await states.sfn.send(new StartExecutionCommand({ stateMachineArn: arn }));
    const updated = await states.sfn.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: JSON.stringify(waits("new")) }),
    );
    expect(updated.revisionId).toMatch(/^[0-9a-f-]{36}$/);
    await states.cloud.clock.settle();
    expect((await states.sfn.send(new DescribeExecutionCommand({ executionArn }))).output).toBe('"old"');
    expect((await states.run(arn)).output).toBe("new");
  });

  it("is gone after its deletion, which may be repeated", async () => {
    await using states = await statesCloud();
    const arn = await states.machine(hello);
    await states.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await states.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await expect(states.sfn.send(new StartExecutionCommand({ stateMachineArn: arn }))).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
      message: `State Machine Does Not Exist: '${arn}'`,
    });
  });

  it("is listed by pages", async () => {
    await using states = await statesCloud();
    for (const name of ["c", "a", "b"]) await states.machine(hello, { name });
    const first = await states.sfn.send(new ListStateMachinesCommand({ maxResults: 2 }));
    expect(first.stateMachines?.map(({ name }) => name)).toEqual(["a", "b"]);
    const second = await states.sfn.send(new ListStateMachinesCommand({ maxResults: 2, nextToken: first.nextToken }));
    expect(second.stateMachines?.map(({ name }) => name)).toEqual(["c"]);
    expect(second.nextToken).toBeUndefined();
    await expect(states.sfn.send(new ListStateMachinesCommand({ nextToken: "nonsense" }))).rejects.toMatchObject({
      name: "InvalidToken",
    });
  });

  it("keeps tags", async () => {
    await using states = await statesCloud();
    const resourceArn = await states.machine(hello, { tags: [{ key: "a", value: "1" }] });
    await states.sfn.send(new TagResourceCommand({ resourceArn, tags: [{ key: "b", value: "2" }] }));
    await states.sfn.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await states.sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { key: "b", value: "2" },
    ]);
  });

  it.each([
    [{ name: "a b" }, "InvalidName"],
    [{ name: "x".repeat(81) }, "InvalidName"],
    [{ roleArn: "nobody" }, "InvalidArn"],
    [{ definition: "{}" }, "InvalidDefinition"],
    [{ versionDescription: "v" }, "ValidationException"],
    [{ loggingConfiguration: { level: "ALL" as const } }, "InvalidLoggingConfiguration"],
  ])("is refused for %j with %s", async (more, name) => {
    await using states = await statesCloud();
    const input = { name: "m", definition: JSON.stringify(hello), roleArn: ROLE, ...more };
    await expect(states.sfn.send(new CreateStateMachineCommand(input))).rejects.toMatchObject({ name });
  });

  it.each(LOG_DELIVERY_ACTIONS)("may not log with a role that lacks %s", async (lacking) => {
    await using states = await statesCloud();
    const loggingConfiguration = {
      level: "ALL" as const,
      destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:g:*" } }],
    };
    const roleArn = await states.role(
      "mute",
      LOG_DELIVERY_ACTIONS.filter((action) => action !== lacking),
    );
    await expect(states.machine(hello, { loggingConfiguration, roleArn })).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});
