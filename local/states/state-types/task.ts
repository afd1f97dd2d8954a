/** Task: work done by the host, within its time limits. */
import { DefinitionError } from "../failure.ts";
import { flowOf } from "../flow/index.ts";
import { integerField } from "../flow/typed-fields.ts";
import { isObject } from "../json.ts";
import { withinLimits } from "../limits.ts";
import { all, chain } from "../maybe-promise.ts";
import type { CompileState } from "./index.ts";

const MAX_SECONDS = 99_999_999;

export const compileTask: CompileState = (definition, place) => {
  const resource = definition["Resource"];
  if (typeof resource !== "string") throw new DefinitionError(place.path, "These fields are required: [Resource]");
  const flow = flowOf(definition, place);
  const range = { min: 1, max: MAX_SECONDS };
  const timeout = integerField(flow, definition, "TimeoutSeconds", place, range);
  const heartbeat = integerField(flow, definition, "HeartbeatSeconds", place, range);
  const { Credentials: credentials } = definition;
  const role = credentials === undefined ? undefined : flow.payload(credentials, "Credentials");
  const hasToken = resource.endsWith(".waitForTaskToken") || resource.includes(":activity:");

  return (visit) => {
    const { host, signal } = visit.thread;
    const taskToken = hasToken ? host.taskToken() : undefined;
    if (taskToken !== undefined) visit.context = visit.contextNow({ Task: { Token: taskToken } });
    const input = flow.input(visit);
    const limits = all([timeout(visit, input), heartbeat(visit, input)]);
    const prepared = all([flow.argument(visit, input), role ? role(visit, input) : null]);
    return chain(limits, ([timeoutSeconds, heartbeatSeconds]) =>
      chain(prepared, async ([argument = null, credential]) => {
        const roleArn =
          isObject(credential) && typeof credential["RoleArn"] === "string" ? credential["RoleArn"] : undefined;
        const result = await withinLimits(host, signal, { timeoutSeconds, heartbeatSeconds }, (limited, beat) =>
          host.task({
            resource,
            stateName: visit.state.name,
            enteredEventId: visit.enteredEventId,
            argument,
            context: visit.context,
            taskToken,
            timeoutSeconds,
            heartbeatSeconds,
            roleArn,
            signal: limited,
            heartbeat: beat,
            record: (type, key, details) => {
              visit.thread.record(type, key, details);
            },
          }),
        );
        return flow.finish(visit, result);
      }),
    );
  };
};
