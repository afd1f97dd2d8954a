/** A table on a cloud of its own, for tests: its operations called as the account. */
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { ACCOUNT } from "../../core/principal.ts";
import type { Input, OperationName, Output } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";
import type { DynamoDB } from "./store.ts";

export const TABLE = "orders";

export interface TestTable extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly arn: string;
  /** Any operation; the table's name goes without saying. */
  call<O extends OperationName<DynamoDB>>(
    operation: O,
    input?: Omit<Input<DynamoDB, O>, "TableName">,
  ): Promise<Output<DynamoDB, O>>;
  /** The message of the error that a call is refused with. */
  refusal<O extends OperationName<DynamoDB>>(
    operation: O,
    input?: Omit<Input<DynamoDB, O>, "TableName">,
  ): Promise<string>;
}

type TableShape = Partial<CreateTableCommandInput> & {
  /** `pk:S` or `pk:S, sk:N`, and attributes of indexes after a semicolon. */
  readonly keys?: string;
};

/** A table that is active. */
export async function testTable({ keys = "pk:S", ...shape }: TableShape = {}, on?: TestCloud): Promise<TestTable> {
  const cloud = on ?? (await testCloud());
  const call: TestTable["call"] = (operation, input) =>
    // The inputs of all operations that are used here have a TableName, or do not mind one.
    cloud.call("dynamodb", operation, { TableName: TABLE, ...input } as never, ACCOUNT) as never;
  await call("CreateTable", { BillingMode: "PAY_PER_REQUEST", ...definitionOf(keys), ...shape });
  await cloud.clock.settle();
  return {
    cloud,
    arn: cloud.arn("dynamodb", `table/${TABLE}`),
    call,
    refusal: async (operation, input) => {
      try {
        await call(operation, input);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
      return "accepted";
    },
    [Symbol.asyncDispose]: async () => {
      if (!on) await cloud.stop();
    },
  };
}

function definitionOf(keys: string) {
  const [own = "", others = ""] = keys.split(";");
  const parse = (text: string) =>
    text
      .split(",")
      .map((part) => part.trim().split(":"))
      .flatMap(([name, type]) => (name ? [{ AttributeName: name, AttributeType: type as "S" | "N" | "B" }] : []));
  return {
    AttributeDefinitions: [...parse(own), ...parse(others)],
    KeySchema: parse(own).map(({ AttributeName }, at) => ({
      AttributeName,
      KeyType: at === 0 ? ("HASH" as const) : ("RANGE" as const),
    })),
  };
}

export const S = (S: string) => ({ S });
export const N = (N: number | string) => ({ N: String(N) });

/** An index as CreateTable takes it: `index("byDay", "day", "at")`. */
export const index = (IndexName: string, hash: string, sort?: string, include?: readonly string[] | "KEYS_ONLY") => ({
  IndexName,
  KeySchema: [
    { AttributeName: hash, KeyType: "HASH" as const },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
  ],
  Projection:
    include === undefined
      ? { ProjectionType: "ALL" as const }
      : include === "KEYS_ONLY"
        ? { ProjectionType: "KEYS_ONLY" as const }
        : { ProjectionType: "INCLUDE" as const, NonKeyAttributes: [...include] },
});
