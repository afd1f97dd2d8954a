/** The deployed trader as its users see it. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { DynamoDBDocumentClient, GetCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { LocalApp } from "#local/testing";

export type Machine = "TradeStock" | "TradeStockLater";

export function openExchange(app: LocalApp) {
  const sfn = app.client(SFNClient);
  const documents = DynamoDBDocumentClient.from(app.client(DynamoDBClient));
  const start = async (machine: Machine, input: object = {}): Promise<string> => {
    const { executionArn = "" } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn: app.resource(machine), input: JSON.stringify(input) }),
    );
    return executionArn;
  };
  const outcome = async (executionArn: string) => {
    const { status, output, error, cause } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return {
      status,
      ...(output === undefined ? {} : { output: JSON.parse(output) as Record<string, string> }),
      ...(error === undefined ? {} : { error, cause }),
    };
  };
  return {
    app,
    start,
    outcome,
    async run(machine: Machine, input: object = {}) {
      const execution = await start(machine, input);
      await app.settle();
      return outcome(execution);
    },
    /** What the market answers as the price from now on, as JSON; undefined for the market's own. */
    async fixPrice(json: string | undefined): Promise<void> {
      const lambda = app.client(LambdaClient);
      const FunctionName = app.resource("CheckPrice");
      const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const { FIXED_PRICE: former, ...Variables } = Environment?.Variables ?? {};
      // A changed function starts anew.
      if (former === json) return;
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Environment: { Variables: { ...Variables, ...(json === undefined ? {} : { FIXED_PRICE: json }) } },
        }),
      );
    },
    async order(id: string | undefined): Promise<Record<string, unknown> | undefined> {
      const { Item } = await documents.send(
        new GetCommand({ TableName: app.resource("OrdersTable"), Key: { Id: id ?? "" } }),
      );
      return Item;
    },
    /** What the broker has in its book. */
    async trade(id: string): Promise<Record<string, unknown> | undefined> {
      const { Item } = await documents.send(new GetCommand({ TableName: app.resource("TradesTable"), Key: { id } }));
      return Item;
    },
    async rows(table: "OrdersTable" | "TradesTable"): Promise<Record<string, unknown>[]> {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName: app.resource(table) }));
      return Items;
    },
  };
}
export type Exchange = ReturnType<typeof openExchange>;
