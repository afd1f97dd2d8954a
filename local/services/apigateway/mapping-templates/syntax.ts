/** The syntax tree of a mapping template (Apache Velocity's template language). */

export type Node =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "output"; readonly reference: Reference; readonly source: string }
  | { readonly kind: "set"; readonly target: Reference; readonly value: Expression }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise: readonly Node[] }
  | { readonly kind: "foreach"; readonly name: string; readonly list: Expression; readonly body: readonly Node[] }
  | { readonly kind: "define"; readonly name: string; readonly body: readonly Node[] }
  | { readonly kind: "break" }
  | { readonly kind: "stop" };

export interface Branch {
  readonly condition: Expression;
  readonly body: readonly Node[];
}

/** `$name.property.method(argument)[index]`. */
export interface Reference {
  readonly kind: "reference";
  readonly name: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly kind: "property"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "index"; readonly index: Expression };

export type Expression =
  | Reference
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  /** A text in double quotes: a small template. */
  | { readonly kind: "interpolated"; readonly body: readonly Node[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "range"; readonly from: Expression; readonly to: Expression }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "binary"; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = "||" | "&&" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%";

export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemplateError";
  }
}
