/** Amazon SES, API version 1. Mails go to the outbox; those that come in are handed to receipt rules. */
import * as sdk from "@aws-sdk/client-ses";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers, Service } from "../../core/service.ts";
import { configurationHandlers } from "./configuration.ts";
import { identityHandlers } from "./identities.ts";
import { sendingPermissions } from "./permissions.ts";
import { receiptRuleHandlers } from "./receiving/rule-handlers.ts";
import { sesResources } from "./resources.ts";
import { sendMail, sendRaw, sendTemplated, type Version } from "./send.ts";
import { templatesOf } from "./store.ts";

const VERSION: Version = {
  mostBytes: 10_485_760,
  invalid: "InvalidParameterValue",
  noConfigurationSet: "ConfigurationSetDoesNotExistException",
};

export function create(cloud: Cloud): Service<typeof sdk> {
  return {
    sdk,
    handlers: {
      ...sendHandlers(cloud),
      ...identityHandlers(cloud),
      ...configurationHandlers(cloud),
      ...receiptRuleHandlers(cloud),
    },
    permissions: (operation, input) => sendingPermissions(cloud, operation, input),
    resources: sesResources(cloud),
  };
}

function sendHandlers(cloud: Cloud): Handlers<typeof sdk> {
  return {
    SendEmail(input) {
      const subject = input.Message?.Subject?.Data ?? missing("Message.Subject");
      const { Text, Html } = input.Message?.Body ?? missing("Message.Body");
      if (Text?.Data === undefined && Html?.Data === undefined) missing("Message.Body");
      return {
        MessageId: sendMail(cloud, VERSION, { ...envelope(input), subject, text: Text?.Data, html: Html?.Data }),
      };
    },

    SendTemplatedEmail(input) {
      const template = templatesOf(cloud).get(input.Template ?? "");
      if (template === undefined)
        throw new ServiceError("TemplateDoesNotExistException", `Template ${input.Template} does not exist`);
      const data = parseData(input.TemplateData);
      return { MessageId: sendTemplated(cloud, VERSION, envelope(input), template, data) };
    },

    SendRawEmail(input) {
      const bytes = input.RawMessage?.Data ?? missing("RawMessage.Data");
      const { Source: from, Destinations: to, ConfigurationSetName: configurationSet } = input;
      return { MessageId: sendRaw(cloud, VERSION, bytes, { from, to, configurationSet }) };
    },
  };
}

const envelope = (input: sdk.SendEmailCommandInput | sdk.SendTemplatedEmailCommandInput) => ({
  from: input.Source ?? missing("Source"),
  to: input.Destination?.ToAddresses ?? [],
  cc: input.Destination?.CcAddresses ?? [],
  bcc: input.Destination?.BccAddresses ?? [],
  replyTo: input.ReplyToAddresses ?? [],
  returnPath: input.ReturnPath,
  configurationSet: input.ConfigurationSetName,
});

function parseData(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    throw new ServiceError("InvalidTemplateException", "Template data must be valid JSON");
  }
}

function missing(member: string): never {
  throw new ServiceError(
    "ValidationError",
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}
