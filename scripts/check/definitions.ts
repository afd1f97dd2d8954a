/** State machine definitions: valid, and every `${X}` substituted. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import validator from "asl-validator";
import { diagnose } from "../../local/services/states/machines/validate.ts";
import { APPS, appNames } from "../cli/apps.ts";
import type { Gate } from "./gate.ts";
import { readTemplate, resourcesOf } from "./templates.ts";

interface Machine {
  readonly app: string;
  readonly id: string;
  readonly file: string;
  readonly substitutions: readonly string[];
  readonly type: "STANDARD" | "EXPRESS";
}

const PLACEHOLDER = /\$\{(\w+)\}/g;

function machines(): Machine[] {
  return appNames().flatMap((app) =>
    resourcesOf(readTemplate(app), "AWS::Serverless::StateMachine").flatMap(([id, properties]) =>
      typeof properties["DefinitionUri"] === "string"
        ? [
            {
              app,
              id,
              file: properties["DefinitionUri"],
              substitutions: Object.keys((properties["DefinitionSubstitutions"] ?? {}) as object),
              type: properties["Type"] === "EXPRESS" ? "EXPRESS" : "STANDARD",
            },
          ]
        : [],
    ),
  );
}

/** A definition with plausible values: a number within expressions, the partition, else an ARN. */
const filled = (text: string): string =>
  text
    .replace(/\{%.*?%\}/g, (expression) => expression.replace(PLACEHOLDER, "1"))
    .replaceAll("${Partition}", "aws")
    .replace(PLACEHOLDER, "arn:aws:lambda:us-east-1:123456789012:function:x");

/** The schema of asl-validator is older than the language: what a state may hold, the local cloud's own rules decide. */
const TOLERATED = "SCHEMA_VALIDATION_FAILED";

/** What asl-validator sees beyond the rules of the local cloud. It compiles its schemas for every call, so it runs only here. */
const secondOpinion = (text: string): string[] =>
  validator(JSON.parse(text), { checkPaths: false, checkArn: false })
    .errors.filter((error) => error["Error code"] !== TOLERATED)
    .map(({ Message }) => Message);

export const definitions: Gate = {
  name: "state machine definitions",
  async check() {
    return machines().flatMap(({ app, id, file, substitutions, type }) => {
      const text = readFileSync(join(APPS, app, file), "utf8");
      const used = new Set([...text.matchAll(PLACEHOLDER)].map(([, name = ""]) => name));
      const problems = [
        ...[...used]
          .filter((name) => !substitutions.includes(name))
          .map((name) => `\${${name}} is not substituted by ${id}`),
        ...substitutions
          .filter((name) => !used.has(name))
          .map((name) => `${id} substitutes ${name}, which is not used`),
      ];
      problems.push(...diagnose(filled(text), type).map(({ location, message }) => `${location ?? ""} ${message}`));
      problems.push(...secondOpinion(filled(text)));
      return problems.map((problem) => `apps/${app}/${file}: ${problem}`);
    });
  },
};
