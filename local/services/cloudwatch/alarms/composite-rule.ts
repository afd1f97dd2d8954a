/** Rules over other alarms: `ALARM(a) AND (OK("b c") OR NOT INSUFFICIENT_DATA(c))` (PutCompositeAlarm). */
import { invalidValue } from "../errors.ts";
import type { State } from "./evaluate.ts";

export interface CompositeRule {
  /** Names (or ARNs) of the alarms that the rule is about. */
  readonly alarms: readonly string[];
  holds(stateOf: (alarm: string) => State | undefined): boolean;
}

type Predicate = CompositeRule["holds"];

export function parseCompositeRule(rule: string): CompositeRule {
  const tokens = rule.match(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g) ?? [];
  const alarms: string[] = [];
  let at = 0;
  const fail = (): never => invalidValue(`AlarmRule must not contain syntax errors: ${rule}`);
  const take = (token: string) => tokens[at++] === token || fail();
  const isNext = (word: string) => tokens[at]?.toUpperCase() === word;

  const either = (): Predicate => {
    const parts = [both()];
    while (isNext("OR")) {
      at++;
      parts.push(both());
    }
    return (stateOf) => parts.some((part) => part(stateOf));
  };
  const both = (): Predicate => {
    const parts = [single()];
    while (isNext("AND")) {
      at++;
      parts.push(single());
    }
    return (stateOf) => parts.every((part) => part(stateOf));
  };
  const single = (): Predicate => {
    const word = tokens[at++]?.toUpperCase();
    if (word === "NOT") {
      const inner = single();
      return (stateOf) => !inner(stateOf);
    }
    if (word === "(") {
      const inner = either();
      take(")");
      return inner;
    }
    if (word === "TRUE" || word === "FALSE") return () => word === "TRUE";
    if (word !== "ALARM" && word !== "OK" && word !== "INSUFFICIENT_DATA") return fail();
    take("(");
    const alarm = (tokens[at++] ?? fail()).replace(/^"|"$/g, "");
    take(")");
    alarms.push(alarm);
    return (stateOf) => stateOf(alarm) === word;
  };

  const holds = either();
  if (at < tokens.length) fail();
  return { alarms, holds };
}

/** The name in `arn:aws:cloudwatch:r:a:alarm:NAME`; a name stays as it is. */
export const alarmName = (nameOrArn: string): string =>
  nameOrArn.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, "");
