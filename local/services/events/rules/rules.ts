/** Rules: a pattern or a schedule on a bus. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { page } from "../paging.ts";
import { matchesPattern, patternProblem } from "../pattern.ts";
import { parseSchedule } from "../schedule/expression.ts";
import { type EventBridgeModule, invalid, type Rule, ruleKey, type Store } from "../store.ts";
import type { RuleSchedules } from "./schedules.ts";

const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;

const invalidPattern = (reason: string) =>
  new ServiceError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

export function ruleHandlers(cloud: Cloud, store: Store, schedules: RuleSchedules): Handlers<EventBridgeModule> {
  const { rules } = store;
  const enable = (rule: Rule, isEnabled: boolean) => {
    rule.isEnabled = isEnabled;
    rules.set(ruleKey(rule.bus, rule.name), rule);
    schedules.arm(rule);
    return {};
  };
  return {
    PutRule({
      Name = "",
      EventBusName,
      EventPattern,
      ScheduleExpression,
      State = "ENABLED",
      Description,
      RoleArn,
      Tags,
    }) {
      if (!NAME.test(Name))
        throw invalid(
          `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
        );
      const bus = store.bus(EventBusName);
      if (!EventPattern && !ScheduleExpression)
        throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
      const problem = EventPattern ? patternProblem(EventPattern) : undefined;
      if (problem !== undefined) throw invalidPattern(problem);
      if (ScheduleExpression) {
        if (bus.name !== "default") throw invalid("ScheduleExpression is supported only on the default event bus.");
        if (!/^(rate|cron)\(/.test(ScheduleExpression) || !parseSchedule(ScheduleExpression, cloud.clock.now()))
          throw invalid("Parameter ScheduleExpression is not valid.");
      }
      const before = rules.get(ruleKey(bus.name, Name));
      const rule: Rule = {
        name: Name,
        bus: bus.name,
        arn: cloud.arn("events", bus.name === "default" ? `rule/${Name}` : `rule/${bus.name}/${Name}`),
        createdAt: before?.createdAt ?? cloud.clock.now(),
        scheduledSince: before?.schedule === ScheduleExpression && before ? before.scheduledSince : cloud.clock.now(),
        pattern: EventPattern || undefined,
        schedule: ScheduleExpression || undefined,
        description: Description,
        roleArn: RoleArn,
        isEnabled: State !== "DISABLED",
        targets: before?.targets ?? [],
        tags: before?.tags ?? Object.fromEntries((Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      };
      rules.set(ruleKey(bus.name, Name), rule);
      schedules.arm(rule);
      return { RuleArn: rule.arn };
    },
    DescribeRule: ({ Name, EventBusName }) => shape(store.rule(Name, EventBusName)),
    DeleteRule({ Name = "", EventBusName }) {
      const bus = store.bus(EventBusName);
      const rule = rules.get(ruleKey(bus.name, Name));
      if (!rule) return {};
      if (rule.targets.length > 0) throw invalid("Rule can't be deleted since it has targets.");
      schedules.disarm(rule);
      rules.delete(ruleKey(bus.name, Name));
      return {};
    },
    EnableRule: ({ Name, EventBusName }) => enable(store.rule(Name, EventBusName), true),
    DisableRule: ({ Name, EventBusName }) => enable(store.rule(Name, EventBusName), false),
    ListRules({ EventBusName, NamePrefix = "", Limit, NextToken }) {
      const found = store.rulesOf(store.bus(EventBusName).name).filter(({ name }) => name.startsWith(NamePrefix));
      const { items, nextToken } = page(found, Limit, NextToken);
      return { Rules: items.map(shape), ...nextToken };
    },
    ListRuleNamesByTarget({ TargetArn, EventBusName, Limit, NextToken }) {
      const found = store
        .rulesOf(store.bus(EventBusName).name)
        .filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn));
      const { items, nextToken } = page(found, Limit, NextToken);
      return { RuleNames: items.map(({ name }) => name), ...nextToken };
    },
    TestEventPattern({ EventPattern = "", Event = "" }) {
      const problem = patternProblem(EventPattern);
      if (problem !== undefined) throw invalidPattern(problem);
      let event: unknown;
      try {
        event = JSON.parse(Event);
      } catch {
        throw invalid("Parameter Event is not valid. Reason: Event is not valid JSON.");
      }
      const required = ["id", "account", "source", "time", "region", "resources", "detail-type"];
      const missing = required.filter((name) => typeof event !== "object" || event === null || !(name in event));
      if (missing.length > 0)
        throw invalid(`Parameter Event is not valid. Reason: Missing required fields: ${missing.join(", ")}`);
      return { Result: matchesPattern(JSON.parse(EventPattern) as object, event) };
    },
  };
}

const shape = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventBusName: rule.bus,
  State: rule.isEnabled ? ("ENABLED" as const) : ("DISABLED" as const),
  ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
  ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
  ...(rule.description === undefined ? {} : { Description: rule.description }),
  ...(rule.roleArn === undefined ? {} : { RoleArn: rule.roleArn }),
});
