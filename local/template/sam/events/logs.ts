/** CloudWatchLogs: a subscription filter of a log group. */
import type { Lowering } from "../lowering.ts";
import { addPermission, type EventTarget, required, type SamEvent } from "./event.ts";

export function lowerLogsEvent(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const group = required(target, event, "LogGroupName");
  const permission = `${event.id}Permission`;
  addPermission(lowering, target, permission, "logs.amazonaws.com", {
    SourceArn: {
      "Fn::Sub": [
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${__LogGroupName__}:*",
        { __LogGroupName__: group },
      ],
    },
  });
  lowering.add(
    event.id,
    "AWS::Logs::SubscriptionFilter",
    { LogGroupName: group, FilterPattern: required(target, event, "FilterPattern"), DestinationArn: target.arn },
    { ...target.resource.passed, DependsOn: [permission] },
  );
}
