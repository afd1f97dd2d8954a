/** Targets of a rule: at most five (EventBridge quotas). */
import type { Handlers } from "../../../core/service.ts";
import { isPath } from "../delivery/input.ts";
import { isSupportedTarget } from "../delivery/send.ts";
import { page } from "../paging.ts";
import { type EventBridgeModule, invalid, ruleKey, type Store, type Target } from "../store.ts";

const MOST_TARGETS = 5;
const MOST_PATHS = 100;

export function targetHandlers(store: Store): Handlers<EventBridgeModule> {
  return {
    PutTargets({ Rule: name, EventBusName, Targets = [] }) {
      const rule = store.rule(name, EventBusName);
      const failed = Targets.flatMap((target) => {
        const problem = problemOf(target);
        return problem === undefined
          ? []
          : [{ TargetId: target.Id, ErrorCode: "ValidationException", ErrorMessage: problem }];
      });
      const good = Targets.filter(({ Id }) => !failed.some(({ TargetId }) => TargetId === Id));
      const ids = new Set(good.map(({ Id }) => Id));
      const targets = [...rule.targets.filter(({ Id }) => !ids.has(Id)), ...good];
      if (targets.length > MOST_TARGETS)
        throw invalid(
          `The requested resource exceeds the maximum number allowed: a rule has at most ${MOST_TARGETS} targets`,
        );
      rule.targets = targets;
      store.rules.set(ruleKey(rule.bus, rule.name), rule);
      return { FailedEntryCount: failed.length, FailedEntries: failed };
    },
    RemoveTargets({ Rule: name, EventBusName, Ids = [] }) {
      const rule = store.rule(name, EventBusName);
      rule.targets = rule.targets.filter(({ Id }) => !Ids.includes(Id ?? ""));
      store.rules.set(ruleKey(rule.bus, rule.name), rule);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule({ Rule: name, EventBusName, Limit, NextToken }) {
      const { items, nextToken } = page(store.rule(name, EventBusName).targets, Limit, NextToken);
      return { Targets: [...items], ...nextToken };
    },
  };
}

function problemOf(target: Target): string | undefined {
  const arn = target.Arn ?? "";
  if (!arn.startsWith("arn:")) return `Parameter Arn is not valid. Reason: Provided Arn is not in correct format.`;
  if (!isSupportedTarget(arn)) return `The local cloud cannot send events to ${arn}`;
  if ([target.Input, target.InputPath, target.InputTransformer].filter((given) => given !== undefined).length > 1) {
    return "Only one of Input, InputPath, or InputTransformer must be provided";
  }
  if (/:(states|execute-api):|:event-bus\//.test(arn) && target.RoleArn === undefined)
    return `RoleArn is required for target ${arn}.`;
  if (/^arn:[^:]+:sqs:.*\.fifo$/.test(arn) && !target.SqsParameters?.MessageGroupId)
    return `Parameter(s) MessageGroupId must be specified for target: ${target.Id}.`;
  const paths = target.InputTransformer?.InputPathsMap ?? {};
  if (Object.keys(paths).length > MOST_PATHS) return `InputPathsMap has more than ${MOST_PATHS} entries`;
  const wrong = [...Object.values(paths), ...(target.InputPath === undefined ? [] : [target.InputPath])].find(
    (path) => !isPath(path),
  );
  return wrong === undefined ? undefined : `Parameter InputPath is not valid. Reason: ${wrong} is not a JSON path.`;
}
