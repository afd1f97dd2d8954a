/** A statement's Condition block: every operator and every key of it must hold. */
import type { Statement } from "../core/principal.ts";
import { type Comparison, OPERATORS } from "./operators.ts";
import type { Lookup } from "./pattern.ts";

export type Condition = (lookup: Lookup) => boolean;

type Quantifier = "all" | "any" | undefined;

/** The operator of a name such as `ForAllValues:StringNotLikeIfExists`; undefined when there is none of that name. */
export function parseOperator(name: string) {
  const [, quantifierName, base = "", ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/i.exec(name) ?? [];
  const quantifier: Quantifier =
    quantifierName === undefined ? undefined : quantifierName.toLowerCase() === "forallvalues" ? "all" : "any";
  if (base.toLowerCase() === "null") return ifExists ? undefined : ({ kind: "null" } as const);
  const operator = OPERATORS.get(base.toLowerCase());
  return operator && ({ kind: "values", operator, quantifier, ifExists: ifExists !== undefined } as const);
}

/** Compiles a Condition block. An operator that IAM does not know never holds. */
export function compileCondition(block: Statement["Condition"], variables: boolean): readonly Condition[] {
  return Object.entries(block ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).map(([key, value]) => {
      const values = (Array.isArray(value) ? value : [value]).map(String);
      return compileOne(name, key.toLowerCase(), values, variables);
    }),
  );
}

function compileOne(name: string, key: string, values: readonly string[], variables: boolean): Condition {
  const parsed = parseOperator(name);
  if (parsed === undefined) return () => false;
  if (parsed.kind === "null")
    return (lookup) => values.some((value) => (value.toLowerCase() === "true") === isAbsent(lookup(key)));

  const { operator, quantifier, ifExists } = parsed;
  const comparisons = values.map((value) => operator.compile(value, variables));
  const fits = (actual: string, lookup: Lookup) => fitsAny(comparisons, actual, lookup) !== operator.negated;
  return (lookup) => {
    const actual = lookup(key);
    if (isAbsent(actual)) {
      if (ifExists || quantifier === "all") return true;
      return quantifier === "any" ? false : operator.negated;
    }
    if (quantifier === "any") return actual.some((value) => fits(value, lookup));
    // Without a quantifier a negated operator must hold for every value, a plain one for some value.
    return quantifier === "all" || operator.negated
      ? actual.every((value) => fits(value, lookup))
      : actual.some((value) => fits(value, lookup));
  };
}

const fitsAny = (comparisons: readonly Comparison[], actual: string, lookup: Lookup): boolean =>
  comparisons.some((compare) => compare(actual, lookup));

const isAbsent = (values: readonly string[] | undefined): values is undefined =>
  values === undefined || values.length === 0;
