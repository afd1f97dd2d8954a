/** AWS::SES::ReceiptRuleSet and AWS::SES::ReceiptRule, made through the service's own API. Neither makes a rule set the active one. */
import type { ReceiptRule } from "@aws-sdk/client-ses";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

export function receiptRuleSet(cloud: Cloud): ResourceProvider {
  return {
    known: { RuleSetName: true, Tags: [{ Key: true, Value: true }] },
    async create(properties, context) {
      const RuleSetName = text(properties["RuleSetName"]) ?? context.physicalName(64);
      await cloud.call("ses", "CreateReceiptRuleSet", { RuleSetName }, ACCOUNT);
      return { physicalId: RuleSetName };
    },
    update: (physicalId, properties, previous) =>
      properties["RuleSetName"] === previous["RuleSetName"] ? { physicalId } : "replace",
    delete: async (RuleSetName) => void (await cloud.call("ses", "DeleteReceiptRuleSet", { RuleSetName }, ACCOUNT)),
  };
}

const TOPIC = { TopicArn: true } as const;

export function receiptRule(cloud: Cloud): ResourceProvider {
  return {
    known: {
      RuleSetName: true,
      After: true,
      Rule: {
        Name: true,
        Enabled: true,
        TlsPolicy: true,
        ScanEnabled: true,
        Recipients: true,
        Actions: [
          {
            S3Action: { BucketName: true, ObjectKeyPrefix: true, ...TOPIC },
            LambdaAction: { FunctionArn: true, InvocationType: true, ...TOPIC },
            SNSAction: { Encoding: true, ...TOPIC },
            StopAction: { Scope: true, ...TOPIC },
            BounceAction: { Message: true, Sender: true, SmtpReplyCode: true, StatusCode: true, ...TOPIC },
          },
        ],
      },
    },
    async create(properties, context) {
      const Rule = ruleIn(properties, context.physicalName(64));
      const After = text(properties["After"]);
      await cloud.call(
        "ses",
        "CreateReceiptRule",
        { RuleSetName: text(properties["RuleSetName"]), Rule, ...(After !== undefined && { After }) },
        ACCOUNT,
      );
      return { physicalId: Rule.Name };
    },
    async update(physicalId, properties, previous) {
      const isElsewhere =
        properties["RuleSetName"] !== previous["RuleSetName"] || properties["After"] !== previous["After"];
      const Rule = ruleIn(properties, physicalId);
      if (isElsewhere || Rule.Name !== physicalId) return "replace";
      await cloud.call("ses", "UpdateReceiptRule", { RuleSetName: text(properties["RuleSetName"]), Rule }, ACCOUNT);
      return { physicalId };
    },
    async delete(RuleName, properties) {
      try {
        await cloud.call(
          "ses",
          "DeleteReceiptRule",
          { RuleSetName: text(properties["RuleSetName"]), RuleName },
          ACCOUNT,
        );
      } catch (error) {
        // With its rule set a rule is gone too.
        if (!isServiceError(error) || error.name !== "RuleSetDoesNotExistException") throw error;
      }
    },
  };
}

/** Templates write flags as text when they come from parameters. */
function ruleIn(properties: Properties, name: string): ReceiptRule & { readonly Name: string } {
  const given = properties["Rule"];
  // The members were compared with the known ones; SES checks their values.
  const rule = (typeof given === "object" && given !== null ? given : {}) as Partial<ReceiptRule>;
  return {
    ...rule,
    Name: text(rule.Name) ?? name,
    Enabled: String(rule.Enabled) === "true",
    ScanEnabled: String(rule.ScanEnabled) === "true",
  };
}
