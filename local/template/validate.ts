/** What the local cloud would pass over in a template, without deploying anything. */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { KnownProperties } from "../core/service.ts";
import { activeResources } from "./engine/graph.ts";
import { placeholderWarning, refusedType } from "./engine/resources/placeholder.ts";
import { unknownProperties, unknownWarning } from "./engine/resources/property-warnings.ts";
import { conditionLookup } from "./intrinsics/conditions.ts";
import { evaluate } from "./intrinsics/evaluate.ts";
import type { Scope } from "./intrinsics/scope.ts";
import { loadTemplate } from "./load.ts";
import { defaultOf, resolveParameters } from "./parameters/parameters.ts";
import { pseudoParameters } from "./parameters/pseudo.ts";
import { inside, TemplateError } from "./template-error.ts";
import type { Template } from "./template.ts";
import { isList, type Fields, type Value } from "./value.ts";

interface ValidateInput {
  readonly file?: string;
  readonly body?: string;
  readonly folder?: string;
  /** Parameters without value or default get the first allowed value, or something of their kind. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
  /** Properties that a resource type knows; undefined for types that no service makes. */
  readonly knownOf: (type: string) => KnownProperties | undefined | Promise<KnownProperties | undefined>;
}

/**
 * All warnings that a deployment would give, in the template's order. Throws TemplateError for what would be refused.
 * Nothing is called and nothing is changed.
 */
export async function validate(input: ValidateInput): Promise<readonly string[]> {
  const file = input.file === undefined ? undefined : resolve(input.file);
  const body = input.body ?? (file === undefined ? "" : readFileSync(file, "utf8"));
  const folder = input.folder ?? (file === undefined ? undefined : dirname(file));
  const region = input.region ?? "us-east-1";
  const given = input.parameters ?? {};
  const { template, warnings } = loadTemplate(body, { folder, parameters: given });
  const found = [...warnings];
  const scope = await staticScope(template, given, region);
  for (const { logicalId, definition, properties } of activeResources(template, scope)) {
    const { type } = definition;
    const refused = refusedType(type);
    if (refused !== undefined) throw new TemplateError(refused, inside("Resources", logicalId));
    const known = await input.knownOf(type);
    if (known === undefined) found.push(placeholderWarning(logicalId, type));
    else
      for (const path of unknownProperties(properties, known, inside(inside("Resources", logicalId), "Properties")))
        found.push(unknownWarning(path, type));
  }
  return [...new Set(found)];
}

/** Enough to evaluate conditions: parameters and pseudo parameters. */
async function staticScope(
  template: Template,
  given: Readonly<Record<string, string>>,
  region: string,
): Promise<Scope> {
  const names = Object.entries(template.parameters);
  const samples = Object.fromEntries(
    names
      .filter(([name]) => given[name] === undefined && defaultOf(template.parameters, name) === undefined)
      .map(([name, definition]) => [name, sampleOf(definition)]),
  );
  const hasSamples = Object.keys(samples).length > 0;
  const definitions = hasSamples ? withoutConstraints(template.parameters, samples) : template.parameters;
  const parameters = await resolveParameters(definitions, { ...given, ...samples }, () => Promise.resolve("stored"));
  const pseudo = pseudoParameters({
    accountId: "123456789012",
    region,
    name: "stack",
    id: "arn:aws:cloudformation:stack",
  });
  const scope: Scope = {
    mappings: template.mappings,
    region,
    parameter: (name) => parameters[name]?.value ?? pseudo[name],
    resourceId: () => undefined,
    attribute: () => undefined,
    importValue: (name) => name,
    condition: conditionLookup(template.conditions, () => scope, evaluate),
  };
  return scope;
}

function sampleOf(definition: Fields): string {
  const allowed: Value | undefined = definition["AllowedValues"];
  if (isList(allowed) && allowed[0] !== undefined) return String(allowed[0]);
  return String(definition["Type"]).includes("Number") ? String(definition["MinValue"] ?? 1) : "sample";
}

/** A made-up value need not match the pattern that a real one must. */
const withoutConstraints = (
  definitions: Readonly<Record<string, Fields>>,
  samples: Readonly<Record<string, string>>,
): Readonly<Record<string, Fields>> =>
  Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      if (!(name in samples)) return [name, definition];
      const { AllowedPattern: _pattern, MinLength: _min, MaxLength: _max, ...rest } = definition;
      return [name, rest];
    }),
  );
