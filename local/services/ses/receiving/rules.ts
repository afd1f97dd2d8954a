/** Receipt rule sets, which of them is active, and which rules speak of a recipient. */
import type { ReceiptRule } from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { asService, type Principal } from "../../../core/principal.ts";

export interface RuleSet {
  readonly name: string;
  readonly createdAt: number;
  /** In the order in which they are evaluated. */
  readonly rules: readonly ReceiptRule[];
}

export const ruleSetsOf = (cloud: Cloud) => cloud.storage.map<RuleSet>("ses.receiptRuleSets");
/** One rule set at most is active in a region. */
const activeOf = (cloud: Cloud) => cloud.storage.map<string>("ses.activeReceiptRuleSet");

export function ruleSetNamed(cloud: Cloud, name = ""): RuleSet {
  const found = ruleSetsOf(cloud).get(name);
  if (found) return found;
  throw new ServiceError("RuleSetDoesNotExistException", `Rule set does not exist: ${name}`);
}

export function activeRuleSet(cloud: Cloud): RuleSet | undefined {
  const name = activeOf(cloud).get("name");
  return name === undefined ? undefined : ruleSetsOf(cloud).get(name);
}

export function activate(cloud: Cloud, name: string | undefined): void {
  if (name === undefined) activeOf(cloud).delete("name");
  else activeOf(cloud).set("name", ruleSetNamed(cloud, name).name);
}

/** SES acts for the rule: this is what `aws:SourceArn` holds (Giving permissions to Amazon SES for email receiving). */
export const asRule = (cloud: Cloud, ruleSet: string, rule: string): Principal =>
  asService("ses.amazonaws.com", cloud.arn("ses", `receipt-rule-set/${ruleSet}:receipt-rule/${rule}`));

/** A rule names addresses, domains, or by a leading dot all subdomains of a domain; without recipients it speaks of everybody. */
export function speaksOf(rule: ReceiptRule, address: string): boolean {
  const wanted = address.toLowerCase();
  const domain = wanted.slice(wanted.lastIndexOf("@") + 1);
  const names = (rule.Recipients ?? []).map((name) => name.toLowerCase());
  if (names.length === 0) return true;
  return names.some((name) => (name.startsWith(".") ? domain.endsWith(name) : name === wanted || name === domain));
}
