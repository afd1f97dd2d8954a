/** BeginTransaction, CommitTransaction, RollbackTransaction. */
import type * as sdk from "@aws-sdk/client-rds-data";
import type { Cloud } from "../../core/cloud.ts";
import type { Handlers } from "../../core/service.ts";
import { enter } from "./access.ts";
import type { Databases } from "./databases.ts";

export function transactionHandlers(cloud: Cloud, databases: Databases): Handlers<typeof sdk> {
  return {
    async BeginTransaction(input, call) {
      return { transactionId: databases.begin(await enter(cloud, input, call)) };
    },
    async CommitTransaction(input, call) {
      await databases.end(await enter(cloud, input, call), input.transactionId ?? "", "COMMIT");
      return { transactionStatus: "Transaction Committed" };
    },
    async RollbackTransaction(input, call) {
      await databases.end(await enter(cloud, input, call), input.transactionId ?? "", "ROLLBACK");
      return { transactionStatus: "Rollback Complete" };
    },
  };
}
