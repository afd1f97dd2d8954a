/** State transitions per second of the local Step Functions, in both query languages: a loop that counts to a thousand. */
import { ACCOUNT } from "../../local/core/principal.ts";
import { type TestCloud, testCloud } from "../../local/testing.ts";

export interface Rate {
  readonly language: "JSONPath" | "JSONata";
  readonly perSecond: number;
}

const TURNS = 1_000;
/** Each turn passes a Choice and a Pass state. */
const STATES_PER_TURN = 2;
const ROUNDS = 5;

const definitions = {
  JSONPath: {
    StartAt: "IsDone",
    States: {
      IsDone: {
        Type: "Choice",
        Choices: [{ Variable: "$.turn", NumericGreaterThanEquals: TURNS, Next: "Done" }],
        Default: "Count",
      },
      Count: { Type: "Pass", Parameters: { "turn.$": "States.MathAdd($.turn, 1)" }, Next: "IsDone" },
      Done: { Type: "Succeed" },
    },
  },
  JSONata: {
    QueryLanguage: "JSONata",
    StartAt: "IsDone",
    States: {
      IsDone: {
        Type: "Choice",
        Choices: [{ Condition: `{% $states.input.turn >= ${TURNS} %}`, Next: "Done" }],
        Default: "Count",
      },
      Count: { Type: "Pass", Output: { turn: "{% $states.input.turn + 1 %}" }, Next: "IsDone" },
      Done: { Type: "Succeed" },
    },
  },
} as const;

export async function measureTransitions(): Promise<readonly Rate[]> {
  await using cloud = await testCloud();
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const { Role } = await cloud.call(
    "iam",
    "CreateRole",
    { RoleName: "bench", AssumeRolePolicyDocument: JSON.stringify(trust) },
    ACCOUNT,
  );
  const rates: Rate[] = [];
  for (const language of ["JSONPath", "JSONata"] as const) {
    const { stateMachineArn = "" } = await cloud.call(
      "states",
      "CreateStateMachine",
      { name: language, roleArn: Role?.Arn ?? "", definition: JSON.stringify(definitions[language]), type: "EXPRESS" },
      ACCOUNT,
    );
    await run(cloud, stateMachineArn);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await run(cloud, stateMachineArn));
    const median = times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
    rates.push({ language, perSecond: Math.round((TURNS * STATES_PER_TURN) / (median / 1000)) });
  }
  return rates;
}

async function run(cloud: TestCloud, stateMachineArn: string): Promise<number> {
  const began = performance.now();
  const { status, error, cause } = await cloud.call(
    "states",
    "StartSyncExecution",
    { stateMachineArn, input: '{"turn":0}' },
    ACCOUNT,
  );
  if (status !== "SUCCEEDED") throw new Error(`The execution ended ${status}: ${error} ${cause}`);
  return performance.now() - began;
}
