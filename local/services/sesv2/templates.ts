/** Mail templates. */
import type * as SDK from "@aws-sdk/client-sesv2";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { checkedTemplate } from "../ses/configuration.ts";
import { type Template, templatesOf } from "../ses/store.ts";

export function templateHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const templates = templatesOf(cloud);
  const known = (name: string | undefined): Template => {
    const found = templates.get(name ?? "");
    if (found === undefined) throw new ServiceError("NotFoundException", `Template ${name} does not exist`);
    return found;
  };
  const read = (
    name: string | undefined,
    content: SDK.EmailTemplateContent | undefined,
    createdAt: number,
  ): Template => {
    try {
      return checkedTemplate(
        { TemplateName: name, SubjectPart: content?.Subject, TextPart: content?.Text, HtmlPart: content?.Html },
        createdAt,
      );
    } catch (error) {
      throw new ServiceError("BadRequestException", error instanceof Error ? error.message : String(error));
    }
  };
  return {
    CreateEmailTemplate(input) {
      const template = read(input.TemplateName, input.TemplateContent, cloud.clock.now());
      if (templates.has(template.name))
        throw new ServiceError("AlreadyExistsException", `Template ${template.name} already exists.`);
      templates.set(template.name, template);
      return {};
    },
    UpdateEmailTemplate(input) {
      const template = read(input.TemplateName, input.TemplateContent, known(input.TemplateName).createdAt);
      templates.set(template.name, template);
      return {};
    },
    GetEmailTemplate(input) {
      const { name, subject, text, html } = known(input.TemplateName);
      return {
        TemplateName: name,
        TemplateContent: {
          Subject: subject,
          ...(text !== undefined && { Text: text }),
          ...(html !== undefined && { Html: html }),
        },
      };
    },
    DeleteEmailTemplate(input) {
      templates.delete(known(input.TemplateName).name);
      return {};
    },
    ListEmailTemplates: () => ({
      TemplatesMetadata: [...templates.values()].map(({ name, createdAt }) => ({
        TemplateName: name,
        CreatedTimestamp: new Date(createdAt),
      })),
    }),
  };
}
