/** Step Functions: executions that wait, send a message and write an item. */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { TableName } from "./items.ts";
import type { KillableCloud } from "./killable-cloud.ts";
import { drain, missing, queueUrl } from "./messages.ts";
import { ACCOUNT_ID, holdsWithin, untilKilled, type Witness } from "./witness.ts";

const arn = (kind: string, name: string): string => `arn:aws:states:us-east-1:${ACCOUNT_ID}:${kind}:kept${name}`;
const stateMachineArn = arn("stateMachine", "");
const PAUSE_MS = 40;

const definition = {
  QueryLanguage: "JSONata",
  StartAt: "Rest",
  States: {
    Rest: { Type: "Wait", Seconds: 1, Next: "Tell" },
    Tell: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Arguments: { QueueUrl: queueUrl("told"), MessageBody: "{% $states.context.Execution.Name %}" },
      Output: "{% $states.input %}",
      Next: "Write",
    },
    Write: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:putItem",
      Arguments: { TableName, Item: { id: { S: "{% $states.context.Execution.Name %}" } } },
      End: true,
    },
  },
};

export class Executions implements Witness {
  acknowledged = 0;
  readonly #started = new Set<string>();

  async setUp(cloud: KillableCloud): Promise<void> {
    const iam = cloud.client(IAMClient);
    const allow = (statement: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    const trust = allow({ Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" });
    const input = { RoleName: "kept", AssumeRolePolicyDocument: trust };
    const { Role } = await iam.send(new CreateRoleCommand(input));
    const PolicyDocument = allow({ Action: ["sqs:SendMessage", "dynamodb:PutItem"], Resource: "*" });
    await iam.send(new PutRolePolicyCommand({ RoleName: "kept", PolicyName: "work", PolicyDocument }));
    await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "told" }));
    const machine = { name: "kept", roleArn: Role?.Arn, definition: JSON.stringify(definition) };
    await cloud.client(SFNClient).send(new CreateStateMachineCommand(machine));
  }

  async load(cloud: KillableCloud, round: number): Promise<void> {
    const client = cloud.client(SFNClient);
    await untilKilled(async (turn) => {
      const name = `run-${round}-${turn}`;
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: "{}" }));
      this.#started.add(name);
      this.acknowledged++;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    });
  }

  async conclude(cloud: KillableCloud): Promise<readonly string[]> {
    const client = cloud.client(SFNClient);
    const items = cloud.client(DynamoDBClient);
    const wrong: string[] = [];
    for (const name of this.#started) {
      const executionArn = arn("execution", `:${name}`);
      let status: string | undefined;
      await holdsWithin(10_000, async () => {
        ({ status } = await client.send(new DescribeExecutionCommand({ executionArn })));
        return status !== "RUNNING";
      });
      if (status !== "SUCCEEDED") wrong.push(`${name} is ${status}`);
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      const types = events.map(({ type }) => type ?? "");
      if (events.some(({ id }, index) => id !== index + 1) || count(types, "ExecutionStarted") !== 1)
        wrong.push(`the history of ${name} is ${events.map(({ id, type }) => `${id} ${type}`).join(", ")}`);
      const { Item } = await items.send(new GetItemCommand({ TableName, Key: { id: { S: name } } }));
      if (!Item) wrong.push(`${name} ended without writing its item`);
    }
    const told = await drain(cloud, "told", (bodies) => missing(this.#started, bodies).length === 0);
    for (const name of missing(this.#started, told)) wrong.push(`${name} ended without its message`);
    return wrong;
  }
}

const count = (types: readonly string[], type: string): number => types.filter((found) => found === type).length;
