import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { describe } from "./describe.ts";

export const describeTable =
  (tables: Tables): Handler<DynamoDB, "DescribeTable"> =>
  (input) => ({ Table: describe(tables.existing(input.TableName)) });
