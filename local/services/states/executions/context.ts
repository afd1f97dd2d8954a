/** The Context object of an execution, without State, Task and Map ("Accessing execution data from the Context object"). */
import type { Json, JsonObject } from "../../../states/json.ts";
import type { ExecutionRecord } from "../records.ts";

export function contextOf(record: ExecutionRecord): JsonObject {
  const input: Json = JSON.parse(record.input);
  return {
    Execution: {
      Id: record.arn,
      Input: input,
      StartTime: new Date(record.startDate).toISOString(),
      Name: record.name,
      RoleArn: record.settings.roleArn,
      RedriveCount: record.redriveCount,
      ...(record.redriveDate === undefined ? {} : { RedriveTime: new Date(record.redriveDate).toISOString() }),
    },
    StateMachine: { Id: record.machineArn, Name: record.machineName },
  };
}
