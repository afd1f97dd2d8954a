/** The lowering of one template: what is made from its SAM resources, and what they need of each other. */
import { inside, TemplateError, type Path } from "../template-error.ts";
import type { Apis } from "./apis.ts";
import { compact, intrinsic, isFields, type Fields, type Value } from "../value.ts";

export interface LowerOptions {
  readonly folder: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly warn: (message: string) => void;
}

/** A resource of the template as SAM reads it. */
export interface SamResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Fields;
  readonly metadata: Fields;
  /** Resource attributes: all of them for the resource's main product. */
  readonly attributes: Fields;
  /** Those that pass to what is made beside the main product. */
  readonly passed: Fields;
  readonly path: Path;
}

export class Lowering {
  readonly options: LowerOptions;
  /** What the lowered template holds so far, native resources of the template first. */
  readonly made: Record<string, Fields>;
  /** Logical ids that became others: layers, and `Function.Alias`, `Function.Version`, `Api.Stage`, `Api.Deployment`. */
  readonly renamed = new Map<string, string>();
  /** Conditions beside the template's own. */
  readonly conditions: Record<string, Value> = {};
  readonly apis: Apis;
  readonly #parameters: Fields;

  constructor(
    options: LowerOptions,
    native: Readonly<Record<string, Fields>>,
    parameters: Fields,
    apis: (self: Lowering) => Apis,
  ) {
    this.options = options;
    this.made = { ...native };
    this.#parameters = parameters;
    this.apis = apis(this);
  }

  /** Adds a native resource. Throws TemplateError when the id is taken. */
  add(
    logicalId: string,
    type: string,
    properties: Readonly<Record<string, Value | undefined>>,
    attributes: Fields = {},
  ): Fields {
    if (logicalId in this.made)
      throw new TemplateError(
        `Another resource of the template has the id ${logicalId}, which SAM makes itself`,
        inside("Resources", logicalId),
      );
    this.made[logicalId] = { Type: type, ...attributes, Properties: compact(properties) };
    return { Ref: logicalId };
  }

  /** The value of a reference to a parameter, where it is known; anything else as it is. */
  known(value: Value | undefined): Value | undefined {
    const call = intrinsic(value);
    if (call?.name !== "Ref" || typeof call.argument !== "string") return value;
    const given = this.options.parameters[call.argument];
    if (given !== undefined) return given;
    const definition = this.#parameters[call.argument];
    return isFields(definition) ? (definition["Default"] ?? value) : value;
  }

  warn(path: Path, what: string): void {
    this.options.warn(`${path}: ${what}`);
  }
}

/** A fault in a SAM resource, worded as the SAM transform does. */
export const invalid = (id: string, why: string, path: Path): TemplateError =>
  new TemplateError(
    `Invalid Serverless Application Specification document. Number of errors found: 1. Resource with id [${id}] is invalid. ${why}`,
    path,
  );

/** The logical id that a Ref or GetAtt points at. */
export function referenced(value: Value | undefined): string | undefined {
  const call = intrinsic(value);
  if (call?.name === "Ref" && typeof call.argument === "string") return call.argument;
  if (call?.name === "Fn::GetAtt") {
    const { argument } = call;
    if (typeof argument === "string") return argument.split(".")[0];
    if (Array.isArray(argument) && typeof argument[0] === "string") return argument[0];
  }
  return undefined;
}

export const fieldsOf = (value: Value | undefined): Fields => (isFields(value) ? value : {});
export const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Value[]) : [value];
export const textOf = (value: Value | undefined): string | undefined => (typeof value === "string" ? value : undefined);

/** `{ a: 1 }` as the list of tags that most resources want. */
export const tagList = (...sources: readonly Fields[]): readonly Value[] =>
  Object.entries(Object.assign({}, ...sources) as Fields).map(([Key, Value]) => ({ Key, Value }));

/** Throws for properties that SAM does not know; warns about those that are passed over here. */
export function checkProperties(
  lowering: Lowering,
  resource: SamResource,
  known: readonly string[],
  passedOver: readonly string[],
): void {
  for (const name of Object.keys(resource.properties)) {
    const path = inside(inside(resource.path, "Properties"), name);
    if (passedOver.includes(name))
      lowering.warn(path, `the local cloud does not know this property of ${resource.type} and passes it over`);
    else if (!known.includes(name))
      throw invalid(resource.id, `property ${name} not defined for resource of type ${resource.type}`, path);
  }
}
