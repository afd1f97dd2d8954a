/** Templates and configuration sets. */
import type * as SDK from "@aws-sdk/client-ses";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handlers } from "../../core/service.ts";
import { configurationSetsOf, type Template, templatesOf } from "./store.ts";
import { templateProblem } from "./template.ts";

export function configurationHandlers(cloud: Cloud): Handlers<typeof SDK> {
  const templates = templatesOf(cloud);
  const sets = configurationSetsOf(cloud);
  const templateNamed = (name: string | undefined): Template => {
    const found = templates.get(name ?? "");
    if (found === undefined)
      throw new ServiceError("TemplateDoesNotExistException", `Template ${name} does not exist.`);
    return found;
  };
  return {
    CreateTemplate(input) {
      const template = checkedTemplate(input.Template, cloud.clock.now());
      if (templates.has(template.name))
        throw new ServiceError("AlreadyExistsException", `Template ${template.name} already exists.`);
      templates.set(template.name, template);
      return {};
    },
    UpdateTemplate(input) {
      const { createdAt } = templateNamed(input.Template?.TemplateName);
      const template = checkedTemplate(input.Template, createdAt);
      templates.set(template.name, template);
      return {};
    },
    GetTemplate(input) {
      const { name, subject, text, html } = templateNamed(input.TemplateName);
      return {
        Template: {
          TemplateName: name,
          SubjectPart: subject,
          ...(text !== undefined && { TextPart: text }),
          ...(html !== undefined && { HtmlPart: html }),
        },
      };
    },
    DeleteTemplate(input) {
      templates.delete(input.TemplateName ?? "");
      return {};
    },
    ListTemplates: () => ({
      TemplatesMetadata: [...templates.values()].map(({ name, createdAt }) => ({
        Name: name,
        CreatedTimestamp: new Date(createdAt),
      })),
    }),

    CreateConfigurationSet(input) {
      const name = input.ConfigurationSet?.Name ?? "";
      if (!/^[\w-]{1,64}$/.test(name))
        throw new ServiceError("InvalidConfigurationSetException", `Invalid configuration set name <${name}>.`);
      if (sets.has(name))
        throw new ServiceError("ConfigurationSetAlreadyExistsException", `Configuration set <${name}> already exists.`);
      sets.set(name, { name });
      return {};
    },
    DeleteConfigurationSet(input) {
      if (!sets.delete(input.ConfigurationSetName ?? "")) {
        throw new ServiceError(
          "ConfigurationSetDoesNotExistException",
          `Configuration set <${input.ConfigurationSetName}> does not exist.`,
        );
      }
      return {};
    },
    ListConfigurationSets: () => ({ ConfigurationSets: [...sets.values()].map(({ name }) => ({ Name: name })) }),
  };
}

/** Throws InvalidTemplateException. */
export function checkedTemplate(input: SDK.Template | undefined, createdAt: number): Template {
  const invalid = (message: string) => new ServiceError("InvalidTemplateException", message);
  const { TemplateName: name = "", SubjectPart: subject, TextPart: text, HtmlPart: html } = input ?? {};
  if (!/^[\w-]{1,64}$/.test(name)) throw invalid(`Template name <${name}> is invalid.`);
  if (subject === undefined) throw invalid("The subject must be specified.");
  if (text === undefined && html === undefined) throw invalid("The text or HTML part must be specified.");
  for (const part of [subject, text, html]) {
    const problem = part === undefined ? undefined : templateProblem(part);
    if (problem !== undefined) throw invalid(problem);
  }
  return { name, subject, text, html, createdAt };
}
