/** ExecuteStatement and BatchExecuteStatement. */
import type * as sdk from "@aws-sdk/client-rds-data";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Call, Handlers } from "../../core/service.ts";
import { enter } from "./access.ts";
import type { Databases } from "./databases.ts";
import { jsonOf, metadataOf, recordsOf } from "./fields.ts";
import { prepare } from "./parameters.ts";

/** Largest request and statement (Amazon RDS Data API quotas; ExecuteStatement). */
const MOST_REQUEST_BYTES = 4_194_304;
const MOST_SQL_CHARACTERS = 65_536;

export function statementHandlers(cloud: Cloud, databases: Databases): Handlers<typeof sdk> {
  return {
    async ExecuteStatement(input, call) {
      const sql = checked(input.sql, call);
      const cluster = await enter(cloud, input, call);
      const [answer] = await databases.run(cluster, [prepare(sql, input.parameters)], input.transactionId, call);
      if (!answer) throw new Error("One statement has one answer");
      const { columns, rows, changed } = answer;
      const records = recordsOf(columns, rows, input.resultSetOptions);
      const isJson = input.formatRecordsAs === "JSON";
      return {
        numberOfRecordsUpdated: changed,
        // Keys that the database made are not told for Postgres: RETURNING does (ExecuteStatement, generatedFields).
        ...(isJson ? {} : { generatedFields: [] }),
        ...(isJson && columns.length > 0 ? { formattedRecords: jsonOf(columns, records) } : {}),
        ...(!isJson && columns.length > 0 ? { records } : {}),
        ...(!isJson && input.includeResultMetadata ? { columnMetadata: columns.map(metadataOf) } : {}),
      };
    },

    async BatchExecuteStatement(input, call) {
      const sql = checked(input.sql, call);
      const cluster = await enter(cloud, input, call);
      const sets = input.parameterSets?.length ? input.parameterSets : [[]];
      const prepared = sets.map((parameters) => prepare(sql, parameters));
      const answers = await databases.run(cluster, prepared, input.transactionId, call);
      return { updateResults: answers.map(() => ({ generatedFields: [] })) };
    },
  };
}

function checked(sql = "", { headers }: Call): string {
  if (Number(headers["content-length"] ?? 0) > MOST_REQUEST_BYTES) {
    throw new ServiceError("BadRequestException", "The request is larger than 4 MiB");
  }
  if (sql.trim() === "") throw new ServiceError("BadRequestException", "SQL must not be empty");
  if (sql.length > MOST_SQL_CHARACTERS) {
    throw new ServiceError(
      "BadRequestException",
      `1 validation error detected: Value at 'sql' failed to satisfy constraint: Member must have length less than or equal to ${MOST_SQL_CHARACTERS}`,
    );
  }
  return sql;
}
