/** From what a caller hands in to all that an operation on a stack needs; nothing is changed yet. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import { loadTemplate } from "../load.ts";
import { type Parameter, resolveParameters } from "../parameters/parameters.ts";
import type { Template } from "../template.ts";
import { checkCapabilities } from "./capabilities.ts";
import { dynamicResolver, parameterReader } from "./resources/stored-values.ts";
import type { Means } from "./resources/change-resource.ts";
import { stackScope } from "./stack-scope.ts";
import type { StackRecord, StackStore } from "./state/record.ts";
import { type ProviderOf, StackSession } from "./state/session.ts";

export interface DeployInput {
  readonly name: string;
  /** The template's file; local paths are relative to its folder. */
  readonly file?: string;
  /** The template's text, in place of a file. */
  readonly body?: string;
  /** Folder for local paths of `body`. */
  readonly folder?: string;
  /** Values of template parameters; others take their default. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Parameters that keep the value they have in the stack. */
  readonly keepParameters?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Checked as CloudFormation does when given; otherwise everything is taken as acknowledged. */
  readonly capabilities?: readonly string[];
  /** What the transforms made of the template was seen in a change set: CAPABILITY_AUTO_EXPAND is not asked for. */
  readonly isReviewed?: boolean;
}

export interface Prepared {
  readonly means: Means;
  readonly template: Template;
  /** What loading the template passed over. */
  readonly warnings: readonly string[];
  /** The stack before an update; undefined for one that is made. */
  readonly former: StackRecord | undefined;
}

/** Throws TemplateError for a faulty template and wrong parameters, InsufficientCapabilitiesException, ValidationError for a bad name. */
export async function prepare(
  cloud: Cloud,
  store: StackStore,
  providerOf: ProviderOf,
  input: DeployInput,
): Promise<Prepared> {
  const { name } = input;
  checkName(name);
  const existing = store.find(name);
  // Nothing is left of a stack whose creation was rolled back: it is made afresh.
  const isUnmade = existing?.status === "ROLLBACK_COMPLETE" || existing?.status === "REVIEW_IN_PROGRESS";
  const former = isUnmade ? undefined : existing;
  const reviewed = existing?.status === "REVIEW_IN_PROGRESS" ? existing : undefined;
  const { body, folder } = source(input);
  const given = { ...kept(input, former), ...input.parameters };
  const { template, warnings, transforms } = loadTemplate(body, { folder, parameters: given });
  if (input.capabilities) checkCapabilities(template.resources, input.isReviewed ? [] : transforms, input.capabilities);
  const parameters = await resolveParameters(template.parameters, given, parameterReader(cloud));

  const now = cloud.clock.now();
  const record: StackRecord = {
    name,
    id: (former ?? reviewed)?.id ?? cloud.arn("cloudformation", `stack/${name}/${cloud.uuid()}`),
    status: former ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS",
    statusReason: undefined,
    description: template.description,
    createdAt: (former ?? reviewed)?.createdAt ?? now,
    updatedAt: former ? now : undefined,
    deletedAt: undefined,
    body,
    folder,
    parameters: stored(parameters),
    tags: input.tags ?? former?.tags ?? {},
    capabilities: input.capabilities ?? [],
    resources: former?.resources ?? {},
    outputs: former?.outputs ?? {},
    imports: former?.imports ?? [],
    warnings: [],
  };
  const session = new StackSession(cloud, store, providerOf, record);
  const resource = (logicalId: string) => session.resource(logicalId);
  const scope = stackScope({ cloud, store, stack: record, template, parameters, resource });
  const means = { session, scope, resolveDynamic: dynamicResolver(cloud) };
  return { means, template, former, warnings };
}

function source(input: DeployInput): { readonly body: string; readonly folder: string | undefined } {
  if (input.body !== undefined)
    return { body: input.body, folder: input.folder === undefined ? undefined : resolve(input.folder) };
  if (input.file === undefined)
    throw new ServiceError("ValidationError", "Either a template file or a template body is required");
  const file = resolve(input.file);
  return {
    body: readFileSync(file, "utf8"),
    folder: input.folder === undefined ? dirname(file) : resolve(input.folder),
  };
}

function kept(input: DeployInput, former: StackRecord | undefined): Record<string, string> {
  return Object.fromEntries(
    (input.keepParameters ?? []).map((name) => {
      const value = former?.parameters[name]?.text;
      if (value !== undefined) return [name, value];
      throw new ServiceError(
        "ValidationError",
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }),
  );
}

const stored = (parameters: Readonly<Record<string, Parameter>>): StackRecord["parameters"] =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { text, noEcho, resolved }]) => [
      name,
      { text, noEcho, ...(resolved === undefined ? {} : { resolved }) },
    ]),
  );

function checkName(name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name))
    throw new ServiceError(
      "ValidationError",
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
}
