/** Sends a simple, raw or templated mail. */
import type * as SDK from "@aws-sdk/client-sesv2";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { sendMail, sendRaw, sendTemplated, type Version } from "../ses/send.ts";
import { templatesOf } from "../ses/store.ts";

const VERSION: Version = {
  mostBytes: 41_943_040,
  invalid: "BadRequestException",
  noConfigurationSet: "NotFoundException",
};

export const sendEmail =
  (cloud: Cloud): Handler<typeof SDK, "SendEmail"> =>
  (input) => {
    const {
      Content: content,
      Destination: destination,
      ConfigurationSetName: configurationSet,
      FromEmailAddress: from,
    } = input;
    const kinds = [content?.Simple, content?.Raw, content?.Template].filter((kind) => kind !== undefined);
    if (kinds.length !== 1) throw bad("Content must have exactly one of Simple, Raw and Template.");
    for (const member of ["ListManagementOptions", "EndpointId", "TenantName"] as const) {
      if (input[member] !== undefined) throw bad(`${member} is not supported by the local cloud.`);
    }
    const to = destination?.ToAddresses ?? [];
    const cc = destination?.CcAddresses ?? [];
    const bcc = destination?.BccAddresses ?? [];

    if (content?.Raw) {
      if (content.Raw.Data === undefined) throw bad("Raw.Data must not be null.");
      return {
        MessageId: sendRaw(cloud, VERSION, content.Raw.Data, { from, to: [...to, ...cc, ...bcc], configurationSet }),
      };
    }
    if (from === undefined) throw bad("FromEmailAddress must not be null.");
    const envelope = {
      from,
      to,
      cc,
      bcc,
      replyTo: input.ReplyToAddresses ?? [],
      returnPath: input.FeedbackForwardingEmailAddress,
      configurationSet,
    };
    if (content?.Template) return { MessageId: sendTemplate(cloud, content.Template, envelope) };

    const simple = content?.Simple;
    if (simple?.Attachments !== undefined || simple?.Headers !== undefined)
      throw bad("Headers and Attachments are not supported by the local cloud: send a raw message.");
    const subject = simple?.Subject?.Data;
    const { Text, Html } = simple?.Body ?? {};
    if (subject === undefined) throw bad("Subject must not be null.");
    if (Text?.Data === undefined && Html?.Data === undefined) throw bad("Body must have a text or HTML part.");
    return { MessageId: sendMail(cloud, VERSION, { ...envelope, subject, text: Text?.Data, html: Html?.Data }) };
  };

function sendTemplate(cloud: Cloud, wanted: SDK.Template, envelope: Parameters<typeof sendTemplated>[2]): string {
  if (wanted.TemplateContent !== undefined || wanted.TemplateArn !== undefined)
    throw bad("Only TemplateName is supported by the local cloud.");
  const template = templatesOf(cloud).get(wanted.TemplateName ?? "");
  if (template === undefined)
    throw new ServiceError("NotFoundException", `Template ${wanted.TemplateName} does not exist`);
  let data: unknown;
  try {
    data = JSON.parse(wanted.TemplateData ?? "{}");
  } catch {
    throw bad("Template data must be valid JSON");
  }
  return sendTemplated(cloud, VERSION, envelope, template, data);
}

const bad = (message: string): ServiceError => new ServiceError("BadRequestException", message);
