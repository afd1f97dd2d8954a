/** AWS::SES::EmailIdentity, AWS::SES::Template, and those of receiving. */
import type { Cloud } from "../../core/cloud.ts";
import type { Properties, ResourceContext, ResourceProvider } from "../../core/service.ts";
import { checkedTemplate } from "./configuration.ts";
import { receiptRule, receiptRuleSet } from "./receiving/resources.ts";
import { addIdentity, identitiesOf, normalized, templatesOf } from "./store.ts";

export function sesResources(cloud: Cloud): Record<string, ResourceProvider> {
  return {
    "AWS::SES::EmailIdentity": emailIdentity(cloud),
    "AWS::SES::Template": template(cloud),
    "AWS::SES::ReceiptRuleSet": receiptRuleSet(cloud),
    "AWS::SES::ReceiptRule": receiptRule(cloud),
  };
}

function emailIdentity(cloud: Cloud): ResourceProvider {
  return {
    known: {
      EmailIdentity: true,
      ConfigurationSetAttributes: { ConfigurationSetName: true },
      DkimAttributes: true,
      DkimSigningAttributes: true,
      FeedbackAttributes: true,
      MailFromAttributes: true,
      Tags: [{ Key: true, Value: true }],
    },
    create: (properties) => ({ physicalId: addIdentity(cloud, String(properties["EmailIdentity"] ?? "")).name }),
    update: (physicalId, properties, previous) =>
      properties["EmailIdentity"] === previous["EmailIdentity"] ? { physicalId } : "replace",
    delete: (physicalId) => void identitiesOf(cloud).delete(normalized(physicalId)),
  };
}

function template(cloud: Cloud): ResourceProvider {
  const put = (properties: Properties, context: ResourceContext) => {
    const given = properties["Template"];
    const parts = typeof given === "object" && given !== null ? given : {};
    const made = checkedTemplate(
      { TemplateName: context.physicalName(64), SubjectPart: undefined, ...parts },
      cloud.clock.now(),
    );
    templatesOf(cloud).set(made.name, made);
    return { physicalId: made.name, attributes: { Id: made.name } };
  };
  return {
    known: { Template: { TemplateName: true, SubjectPart: true, TextPart: true, HtmlPart: true } },
    create: put,
    update(physicalId, properties, _previous, context) {
      const state = put(properties, { ...context, physicalName: () => physicalId });
      return state.physicalId === physicalId ? state : "replace";
    },
    delete: (physicalId) => void templatesOf(cloud).delete(physicalId),
  };
}
