/** A cloud with roles and state machines, for the tests of this service. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type CreateStateMachineCommandInput,
  type DescribeExecutionCommandOutput,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { testCloud, type TestCloud } from "../../testing.ts";

export interface StatesCloud extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly sfn: SFNClient;
  /** A role that may do these actions on anything. */
  role(name: string, actions: readonly string[]): Promise<string>;
  machine(definition: unknown, more?: Partial<CreateStateMachineCommandInput>): Promise<string>;
  /** Starts an execution and lets time pass until it has ended. */
  run(machineArn: string, input?: unknown, name?: string): Promise<Ran>;
}

export interface Ran {
  readonly arn: string;
  readonly execution: DescribeExecutionCommandOutput;
  readonly events: readonly HistoryEvent[];
  readonly output: unknown;
}

let machines = 0;

export async function statesCloud(options: Parameters<typeof testCloud>[0] = {}): Promise<StatesCloud> {
  const cloud = await testCloud(options);
  // StartSyncExecution would put `sync-` before the address.
  const sfn = cloud.client(SFNClient, { disableHostPrefix: true });
  const iam = cloud.client(IAMClient);
  const trust = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });

  const role = async (RoleName: string, actions: readonly string[]): Promise<string> => {
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    if (actions.length > 0) {
      const PolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
      });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "allow", PolicyDocument }));
    }
    return Role?.Arn ?? "";
  };
  const machine = async (definition: unknown, more: Partial<CreateStateMachineCommandInput> = {}): Promise<string> => {
    const text = typeof definition === "string" ? definition : JSON.stringify(definition);
    const roleArn = more.roleArn ?? `arn:aws:iam::${cloud.accountId}:role/none`;
    const { stateMachineArn = "" } = await sfn.send(
      new CreateStateMachineCommand({ name: `machine-${++machines}`, definition: text, roleArn, ...more }),
    );
    return stateMachineArn;
  };
  const run = async (stateMachineArn: string, input: unknown = {}, name?: string): Promise<Ran> => {
    const { executionArn = "" } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn,
        input: JSON.stringify(input),
        ...(name === undefined ? {} : { name }),
      }),
    );
    const execution = await cloud.clock.until(async () => {
      const described = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return described.status === "RUNNING" ? undefined : described;
    }, 30 * 86_400_000);
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return {
      arn: executionArn,
      execution,
      events,
      output: execution.output === undefined ? undefined : JSON.parse(execution.output),
    };
  };
  return { cloud, sfn, role, machine, run, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}

export const single = (state: Record<string, unknown>, language?: "JSONata") => ({
  ...(language ? { QueryLanguage: language } : {}),
  StartAt: "Only",
  States: { Only: ["Choice", "Fail", "Succeed"].includes(String(state["Type"])) ? state : { End: true, ...state } },
});
