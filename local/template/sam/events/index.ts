/** The event sources of functions and state machines by their type. */
import { inside } from "../../template-error.ts";
import { isFields, type Value } from "../../value.ts";
import { fieldsOf, invalid, type Lowering } from "../lowering.ts";
import { lowerHttpApiEvent } from "../http-api/event.ts";
import { lowerApiEvent } from "../rest-api/event.ts";
import type { EventTarget, LowerEvent, RoleAddition } from "./event.ts";
import { lowerLogsEvent } from "./logs.ts";
import { lowerRuleEvent } from "./rule.ts";
import { lowerS3Event } from "./s3.ts";
import { lowerScheduleV2Event } from "./schedule-v2.ts";
import { lowerSnsEvent } from "./sns.ts";
import { lowerStreamEvent } from "./stream.ts";

const OF_BOTH: Readonly<Record<string, LowerEvent>> = {
  Api: lowerApiEvent,
  CloudWatchEvent: lowerRuleEvent,
  EventBridgeRule: lowerRuleEvent,
  Schedule: lowerRuleEvent,
  ScheduleV2: lowerScheduleV2Event,
};

const OF_FUNCTIONS: Readonly<Record<string, LowerEvent>> = {
  ...OF_BOTH,
  CloudWatchLogs: lowerLogsEvent,
  DynamoDB: lowerStreamEvent,
  HttpApi: lowerHttpApiEvent,
  Kinesis: lowerStreamEvent,
  S3: lowerS3Event,
  SNS: lowerSnsEvent,
  SQS: lowerStreamEvent,
};

/** Lowers all events; answers what they add to the target's role. Throws TemplateError for types that are not there. */
export function lowerEvents(
  lowering: Lowering,
  target: EventTarget,
  events: Value | undefined,
): Required<RoleAddition> {
  const managed: string[] = [];
  const inline: NonNullable<RoleAddition["inline"]>[number][] = [];
  const kinds = target.kind === "function" ? OF_FUNCTIONS : OF_BOTH;
  for (const [name, definition] of Object.entries(fieldsOf(events))) {
    const path = inside(inside(target.resource.path, "Properties.Events"), name);
    const type = isFields(definition) ? definition["Type"] : undefined;
    const id = `${target.resource.id}${name}`;
    const lower = typeof type === "string" && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (typeof type !== "string" || !lower)
      throw invalid(
        target.resource.id,
        `Event with id [${id}] is invalid. The local cloud does not know the event type ${String(type)} for ${target.resource.type}.`,
        inside(path, "Type"),
      );
    const properties = isFields(definition) ? fieldsOf(definition["Properties"]) : {};
    const addition = lower(lowering, target, { name, id, type, properties, path: inside(path, "Properties") });
    managed.push(...(addition?.managed ?? []));
    inline.push(...(addition?.inline ?? []));
  }
  return { managed: [...new Set(managed)], inline };
}
