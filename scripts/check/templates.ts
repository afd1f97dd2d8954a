/** Templates as this repository writes them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { startCloud } from "../../local/cloud.ts";
import { validate } from "../../local/template/validate.ts";
import { APPS, appNames, ROOT } from "../cli/apps.ts";
import type { Gate } from "./gate.ts";
import { deprecationOf } from "./runtimes.ts";

type Properties = Readonly<Record<string, unknown>>;
interface Resource {
  readonly Type: string;
  readonly Properties?: Properties;
  readonly Metadata?: Properties;
}
export interface Template {
  readonly Parameters?: Readonly<Record<string, Properties>>;
  readonly Globals?: { readonly Function?: Properties };
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** The template with its tags taken off: enough to look at its shape. */
export function readTemplate(app: string): Template {
  const document = parseDocument(readFileSync(join(APPS, app, "template.yaml"), "utf8"), {
    logLevel: "silent",
    merge: true,
  });
  return document.toJS({ maxAliasCount: -1 }) as Template;
}

export const resourcesOf = (template: Template, type: string): [string, Properties, Resource][] =>
  Object.entries(template.Resources).flatMap(([id, resource]) =>
    resource.Type === type ? [[id, resource.Properties ?? {}, resource] as [string, Properties, Resource]] : [],
  );

const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();

/** The local cloud would take the template without passing anything over. */
const deployable: Gate = {
  name: "templates",
  async check() {
    const cloud = await startCloud({ virtual: true, log: { info() {}, warn() {}, error() {} } });
    try {
      const found: string[] = [];
      for (const app of appNames()) {
        const knownOf = async (type: string) => (await cloud.providerOf(type))?.known;
        const problems = await validate({ file: join(APPS, app, "template.yaml"), knownOf }).catch((error: unknown) => [
          error instanceof Error ? error.message : String(error),
        ]);
        found.push(...problems.map((problem) => `apps/${app}/template.yaml: ${problem}`));
      }
      return found;
    } finally {
      await cloud.stop();
    }
  },
};

/** A function, its handler file, its entry point and its events carry one name. */
const functions: Gate = {
  name: "functions and their files",
  async check() {
    return appNames().flatMap((app) => {
      const template = readTemplate(app);
      return resourcesOf(template, "AWS::Serverless::Function").flatMap(([id, properties, resource]) => {
        const name = kebab(id);
        const build = (resource.Metadata?.["BuildProperties"] ?? {}) as {
          EntryPoints?: readonly string[];
          MainFields?: string;
        };
        const runtime = String(properties["Runtime"] ?? template.Globals?.Function?.["Runtime"]);
        const problems: string[] = [];
        if (properties["Handler"] !== `${name}.handler`)
          problems.push(`Handler is not ${name}.handler: esbuild writes the bundle of one entry point to the root`);
        if (build.EntryPoints?.join() !== `src/${name}.ts`) problems.push(`EntryPoints is not [src/${name}.ts]`);
        if (build.MainFields !== "module,main")
          problems.push("MainFields is not module,main: the SDK would come as CommonJS, half as large again");
        if (!existsSync(join(APPS, app, "src", `${name}.ts`))) problems.push(`src/${name}.ts is missing`);
        for (const kind of [".json", ".bad.json"])
          if (!existsSync(join(ROOT, "events", app, `${name}${kind}`)))
            problems.push(`events/${app}/${name}${kind} is missing`);
        if (typeof properties["ReservedConcurrentExecutions"] === "number")
          problems.push(
            "a fixed ReservedConcurrentExecutions fails in new accounts: make it a parameter that is left out by default",
          );
        for (const [eventName, event] of Object.entries(
          (properties["Events"] ?? {}) as Record<string, { Type: string; Properties?: Properties }>,
        )) {
          const isBatch = ["SQS", "Kinesis", "DynamoDB"].includes(event.Type);
          if (isBatch && !String(event.Properties?.["FunctionResponseTypes"]).includes("ReportBatchItemFailures"))
            problems.push(`event ${eventName} does not report batch item failures`);
        }
        problems.push(...deprecationOf(runtime, new Date()));
        return problems.map((problem) => `apps/${app}, ${id}: ${problem}`);
      });
    });
  },
};

/** Names that would keep a second stack out of the account. */
const physicalNames: Gate = {
  name: "no physical names",
  async check() {
    const NAMES = [
      "BucketName",
      "FunctionName",
      "QueueName",
      "TableName",
      "TopicName",
      "RoleName",
      "StateMachineName",
      "AlarmName",
    ];
    const owners = new Set([
      "AWS::S3::Bucket",
      "AWS::Serverless::Function",
      "AWS::SQS::Queue",
      "AWS::DynamoDB::Table",
      "AWS::SNS::Topic",
      "AWS::IAM::Role",
      "AWS::Serverless::StateMachine",
      "AWS::CloudWatch::Alarm",
    ]);
    return appNames().flatMap((app) =>
      Object.entries(readTemplate(app).Resources).flatMap(([id, { Type, Properties: properties = {} }]) =>
        owners.has(Type)
          ? NAMES.filter((name) => name in properties).map(
              (name) => `apps/${app}, ${id}: ${name} keeps a second stack out of the account`,
            )
          : [],
      ),
    );
  },
};

/** What every app brings along. */
const completeness: Gate = {
  name: "every app is complete",
  async check() {
    const config = readFileSync(join(ROOT, "samconfig.toml"), "utf8");
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    return appNames().flatMap((app) => {
      const problems = ["README.md", "demo.ts", "src", "tests/proofs.test.ts", "tests/outages.test.ts", "tests/work.ts"]
        .filter((file) => !existsSync(join(APPS, app, file)))
        .map((file) => `${file} is missing`);
      if (!config.includes(`[${app}.deploy.parameters]`)) problems.push(`samconfig.toml has no environment [${app}]`);
      if (!readme.includes(`apps/${app}/`)) problems.push("the table in README.md does not name it");
      return problems.map((problem) => `apps/${app}: ${problem}`);
    });
  },
};

export const templateGates: readonly Gate[] = [deployable, functions, physicalNames, completeness];
