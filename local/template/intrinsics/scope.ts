/** What intrinsic functions are evaluated against. */
import type { Path } from "../template-error.ts";
import type { Fields, Value } from "../value.ts";

export interface Scope {
  /** The value of a parameter or pseudo parameter; undefined when there is none of that name. */
  parameter(name: string): Value | undefined;
  /** What `!Ref` of a resource answers; undefined when there is no such resource. */
  resourceId(logicalId: string, path: Path): string | undefined;
  /** What `!GetAtt` answers. Throws TemplateError when the resource has no such attribute. */
  attribute(logicalId: string, attribute: string, path: Path): Value | undefined;
  /** Whether a condition holds. Throws TemplateError for a condition that is not there. */
  condition(name: string, path: Path): boolean;
  /** The value of another stack's export. Throws TemplateError when nobody exports it. */
  importValue(name: string, path: Path): Value;
  readonly mappings: Fields;
  readonly region: string;
}

/** `!Ref AWS::NoValue`: the property that holds it is left out. */
const NO_VALUE = "AWS::NoValue";
export const isNoValue = (value: Value | undefined): boolean =>
  typeof value === "object" && value !== null && "Ref" in value && value.Ref === NO_VALUE;
