/** Activities: the task waits until a worker has fetched it and has sent its result. */
import type { TaskRequest } from "../../../states/host.ts";
import type { Json } from "../../../states/json.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { Services } from "../services.ts";
import { concluded, record } from "./task.ts";

export function runActivity({ activities, tokens, store }: Services, request: TaskRequest, arn: string): Promise<Json> {
  const names = { type: "Activity", common: {} } as const;
  const token = request.taskToken ?? "";
  const input = JSON.stringify(request.argument);
  if (!store.activities.has(arn)) {
    return Promise.reject(new StatesFailure("States.Runtime", `The activity ${arn} does not exist`, { located: true }));
  }
  record(request, names, "Scheduled", {
    resource: arn,
    input,
    inputDetails: { truncated: false },
    ...(request.timeoutSeconds === undefined ? {} : { timeoutInSeconds: request.timeoutSeconds }),
    ...(request.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: request.heartbeatSeconds }),
  });
  let takeBack = (): void => undefined;
  return concluded(request, names, arn, async () => {
    const answer = tokens.wait(token, request.signal, request.heartbeat);
    takeBack = activities.schedule(arn, {
      input,
      token,
      started: (workerName) => {
        record(request, names, "Started", workerName === undefined ? {} : { workerName });
        // The heartbeat limit counts from here (Activities, developer guide).
        request.heartbeat();
      },
    });
    return answer;
  }).finally(() => {
    takeBack();
    tokens.forget(token);
  });
}
