/** Rules that fire on time: each has one timer, for its next moment. */
import type { Cancel } from "../../../core/clock.ts";
import type { Cloud } from "../../../core/cloud.ts";
import { isoSeconds } from "../buses/put-events.ts";
import { trigger } from "../delivery/route.ts";
import { parseSchedule } from "../schedule/expression.ts";
import { type Rule, ruleKey, type Store } from "../store.ts";

export interface RuleSchedules {
  /** Sets or renews the timer of a rule, or takes it away when the rule is disabled or has no schedule. */
  arm(rule: Rule): void;
  disarm(rule: Rule): void;
}

export function createSchedules(cloud: Cloud, store: Store): RuleSchedules {
  const timers = new Map<string, Cancel>();
  const disarm = (rule: Rule) => {
    const key = ruleKey(rule.bus, rule.name);
    timers.get(key)?.();
    timers.delete(key);
  };
  const arm = (rule: Rule) => {
    disarm(rule);
    if (!rule.isEnabled || rule.schedule === undefined) return;
    const due = parseSchedule(rule.schedule, rule.scheduledSince)?.next(cloud.clock.now());
    if (due === undefined) return;
    const key = ruleKey(rule.bus, rule.name);
    const fire = () => {
      const current = store.rules.get(key);
      if (!current) return;
      arm(current);
      trigger(cloud, current, {
        version: "0",
        id: cloud.uuid(),
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: cloud.accountId,
        time: isoSeconds(due),
        region: cloud.region,
        resources: [current.arn],
        detail: {},
      });
    };
    timers.set(key, cloud.clock.at(due, fire, { background: true }));
  };
  return { arm, disarm };
}
