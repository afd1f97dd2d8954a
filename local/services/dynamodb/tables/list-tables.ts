import { Constraints } from "../../constraints.ts";
import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";

/** Names of tables, up to 100 a page. */
export const listTables =
  (tables: Tables): Handler<DynamoDB, "ListTables"> =>
  (input) => {
    const { Limit: limit = 100, ExclusiveStartTableName: after = "" } = input;
    new Constraints().number("limit", limit, { min: 1, max: 100 }).check();
    const names = tables
      .all()
      .map(({ record }) => record.name)
      .filter((name) => name > after);
    const page = names.slice(0, limit);
    const last = page.at(-1);
    return {
      TableNames: page,
      ...(names.length > limit && last !== undefined ? { LastEvaluatedTableName: last } : {}),
    };
  };
