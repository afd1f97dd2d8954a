/** The operations on receipt rule sets and receipt rules. */
import type * as SDK from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handlers } from "../../../core/service.ts";
import { checkName, checkRule } from "./checks.ts";
import { activate, activeRuleSet, type RuleSet, ruleSetNamed, ruleSetsOf } from "./rules.ts";

const MOST_RULE_SETS = 40;
const MOST_RULES = 200;

export function receiptRuleHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const sets = ruleSetsOf(cloud);
  const metadata = ({ name, createdAt }: RuleSet) => ({ Name: name, CreatedTimestamp: new Date(createdAt) });
  const positionOf = (set: RuleSet, rule: string | undefined): number => {
    const found = set.rules.findIndex(({ Name }) => Name === rule);
    if (found >= 0) return found;
    throw new ServiceError("RuleDoesNotExistException", `Rule does not exist: ${rule}`);
  };
  return {
    CreateReceiptRuleSet(input) {
      const name = checkName("Rule set", input.RuleSetName);
      if (sets.has(name)) throw new ServiceError("AlreadyExistsException", `Rule set already exists: ${name}`);
      if (sets.size >= MOST_RULE_SETS)
        throw new ServiceError("LimitExceededException", "Too many receipt rule sets in this account");
      sets.set(name, { name, createdAt: cloud.clock.now(), rules: [] });
      return {};
    },
    DeleteReceiptRuleSet(input) {
      const name = input.RuleSetName ?? "";
      // The active rule set cannot be deleted (DeleteReceiptRuleSet).
      if (activeRuleSet(cloud)?.name === name)
        throw new ServiceError("CannotDeleteException", `Cannot delete active rule set: ${name}`);
      sets.delete(name);
      return {};
    },
    ListReceiptRuleSets: () => ({ RuleSets: [...sets.values()].map(metadata) }),
    DescribeReceiptRuleSet(input) {
      const set = ruleSetNamed(cloud, input.RuleSetName);
      return { Metadata: metadata(set), Rules: [...set.rules] };
    },
    SetActiveReceiptRuleSet(input) {
      activate(cloud, input.RuleSetName);
      return {};
    },
    DescribeActiveReceiptRuleSet() {
      const set = activeRuleSet(cloud);
      return set ? { Metadata: metadata(set), Rules: [...set.rules] } : {};
    },

    async CreateReceiptRule(input) {
      const name = ruleSetNamed(cloud, input.RuleSetName).name;
      const rule = await checkRule(cloud, name, input.Rule);
      // Read again: the checks took their time.
      const set = ruleSetNamed(cloud, name);
      if (set.rules.some(({ Name }) => Name === rule.Name))
        throw new ServiceError("AlreadyExistsException", `Rule already exists: ${rule.Name}`);
      if (set.rules.length >= MOST_RULES)
        throw new ServiceError("LimitExceededException", `Too many rules in rule set: ${name}`);
      // Without a place behind another rule it comes first (CreateReceiptRule).
      const at = input.After === undefined ? 0 : positionOf(set, input.After) + 1;
      sets.set(name, { ...set, rules: set.rules.toSpliced(at, 0, rule) });
      return {};
    },
    async UpdateReceiptRule(input) {
      const name = ruleSetNamed(cloud, input.RuleSetName).name;
      positionOf(ruleSetNamed(cloud, name), input.Rule?.Name);
      const rule = await checkRule(cloud, name, input.Rule);
      const set = ruleSetNamed(cloud, name);
      sets.set(name, { ...set, rules: set.rules.with(positionOf(set, rule.Name), rule) });
      return {};
    },
    DeleteReceiptRule(input) {
      const set = ruleSetNamed(cloud, input.RuleSetName);
      sets.set(set.name, { ...set, rules: set.rules.filter(({ Name }) => Name !== input.RuleName) });
      return {};
    },
    DescribeReceiptRule(input) {
      const set = ruleSetNamed(cloud, input.RuleSetName);
      return { Rule: set.rules[positionOf(set, input.RuleName)] };
    },
  };
}
