/**
 * Metric math: `(m1 + m2) / 2`, `SUM(METRICS())`, `FILL(m1, 0)`, `IF(m1 > 10, m2, 0)` (Using math expressions with CloudWatch metrics).
 * SEARCH, anomaly bands and the other functions are refused.
 */
import { invalidValue } from "../errors.ts";

/** A value for each moment (epoch ms) that has one. */
export type TimeSeries = ReadonlyMap<number, number>;
type Result = number | TimeSeries | SeriesList;
/** What METRICS() answers: several series, on each of which an operation works. */
interface SeriesList {
  readonly all: readonly TimeSeries[];
}
const isList = (result: Result): result is SeriesList => typeof result === "object" && "all" in result;

export interface Surroundings {
  /** The series of another query by its id; throws for an unknown one. */
  series(id: string): TimeSeries;
  /** Series of all metric queries, without expressions: METRICS(). */
  metrics(filter: string | undefined): readonly TimeSeries[];
  /** The moments of the request, oldest first: where FILL puts values. */
  readonly moments: readonly number[];
}

const PRECEDENCE: readonly (readonly string[])[] = [
  ["||", "OR"],
  ["&&", "AND"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

/** Throws InvalidParameterValue for what is no expression. */
export function evaluateExpression(expression: string, around: Surroundings): TimeSeries {
  const tokens =
    expression.match(/\d+\.?\d*(?:[eE][+-]?\d+)?|\w+|'[^']*'|"[^"]*"|\|\||&&|[=!<>]=|[-+*/^()<>,]|\S/g) ?? [];
  const parser = new Parser(expression, tokens, around);
  const result = parser.binary(0);
  if (!parser.isAtEnd) parser.fail();
  if (typeof result === "number") return new Map(around.moments.map((moment) => [moment, result]));
  return isList(result) ? parser.fail() : result;
}

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly string[];
  readonly #around: Surroundings;
  #at = 0;

  constructor(expression: string, tokens: readonly string[], around: Surroundings) {
    this.#expression = expression;
    this.#tokens = tokens;
    this.#around = around;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }
  fail(): never {
    return invalidValue(
      `Error in expression '${this.#expression}': Invalid syntax or an operation that is not supported by the local cloud.`,
    );
  }

  binary(level: number): Result {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#unary();
    let left = this.binary(level + 1);
    for (let operator = this.#next(); operator !== undefined && operators.includes(operator); operator = this.#next()) {
      this.#at++;
      left = this.#combine(operator, left, this.binary(level + 1));
    }
    return left;
  }

  #next(): string | undefined {
    return this.#tokens[this.#at];
  }
  #take(token: string): void {
    if (this.#tokens[this.#at++] !== token) this.fail();
  }

  #unary(): Result {
    if (this.#next() === "-") {
      this.#at++;
      return this.#combine("-", 0, this.#unary());
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined) return this.fail();
    if (token === "(") {
      const inner = this.binary(0);
      this.#take(")");
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (this.#next() === "(") return this.#call(token.toUpperCase());
    return /^[a-z]\w*$/.test(token) ? this.#around.series(token) : this.fail();
  }

  #call(name: string): Result {
    this.#take("(");
    if (name === "METRICS") {
      const filter = /^['"]/.test(this.#next() ?? "") ? this.#tokens[this.#at++]?.slice(1, -1) : undefined;
      this.#take(")");
      return { all: this.#around.metrics(filter) };
    }
    if (name === "FILL") return this.#fill();
    const inputs: Result[] = [this.binary(0)];
    while (this.#next() === ",") {
      this.#at++;
      inputs.push(this.binary(0));
    }
    this.#take(")");
    return this.#apply(name, inputs);
  }

  #fill(): Result {
    const target = this.binary(0);
    this.#take(",");
    const how = this.#tokens[this.#at];
    const repeats = how === "REPEAT";
    if (how === "LINEAR") this.fail();
    if (repeats) this.#at++;
    const value = repeats ? undefined : this.binary(0);
    this.#take(")");
    if (typeof target === "number" || isList(target) || (value !== undefined && typeof value !== "number"))
      return this.fail();
    let last: number | undefined;
    return new Map(
      this.#around.moments.flatMap((moment) => {
        last = target.get(moment) ?? (repeats ? last : value);
        return last === undefined ? [] : [[moment, last] as const];
      }),
    );
  }

  #apply(name: string, inputs: readonly Result[]): Result {
    const [first] = inputs;
    if (first === undefined) return this.fail();
    if (name === "IF") {
      const [, yes, no] = inputs;
      if (yes === undefined || typeof first === "number" || isList(first)) return this.fail();
      const chosen = [...first].flatMap(([moment, condition]) => {
        const from = condition === 0 ? no : yes;
        const value =
          typeof from === "number"
            ? from
            : from === undefined || isList(from)
              ? Number.NaN
              : (from.get(moment) ?? Number.NaN);
        return Number.isNaN(value) ? [] : [[moment, value] as const];
      });
      return new Map(chosen);
    }
    const single = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor }[name];
    if (single) return inputs.length === 1 ? map(first, single) : this.fail();
    const over = AGGREGATES[name];
    if (over === undefined) return this.fail();
    if (inputs.length === 1 && typeof first === "object" && !isList(first)) {
      // Over one series: its one value for the whole range (metric math functions).
      const values = [...first.values()];
      return values.length === 0 ? new Map() : over(values);
    }
    const flat = (input: Result): readonly (number | TimeSeries)[] => (isList(input) ? input.all : [input]);
    return across(inputs.flatMap(flat), over);
  }

  #combine(operator: string, left: Result, right: Result): Result {
    const operate = OPERATIONS[operator];
    if (operate === undefined) return this.fail();
    if (isList(left)) return { all: left.all.map((series) => asSeries(pairwise(series, right, operate, this), this)) };
    return pairwise(left, right, operate, this);
  }
}

const truth = (claim: boolean): number => (claim ? 1 : 0);
const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "&&": (a, b) => truth(a !== 0 && b !== 0),
  AND: (a, b) => truth(a !== 0 && b !== 0),
  "||": (a, b) => truth(a !== 0 || b !== 0),
  OR: (a, b) => truth(a !== 0 || b !== 0),
};

const AGGREGATES: Readonly<Record<string, (values: readonly number[]) => number>> = {
  SUM: (values) => values.reduce((a, b) => a + b, 0),
  AVG: (values) => values.reduce((a, b) => a + b, 0) / values.length,
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
};

const map = (input: Result, change: (value: number) => number): Result => {
  if (typeof input === "number") return change(input);
  if (isList(input)) return { all: input.all.map((series) => mapSeries(series, change)) };
  return mapSeries(input, change);
};
const mapSeries = (series: TimeSeries, change: (value: number) => number): TimeSeries =>
  new Map([...series].map(([moment, value]) => [moment, change(value)]));

const asSeries = (result: Result, parser: Parser): TimeSeries =>
  typeof result === "number" || isList(result) ? parser.fail() : result;

/** Moments that only one side has are left out; so are quotients that are no number. */
function pairwise(left: Result, right: Result, operate: (a: number, b: number) => number, parser: Parser): Result {
  if (isList(left) || isList(right)) return parser.fail();
  if (typeof left === "number" && typeof right === "number") return operate(left, right);
  const moments = typeof left === "number" ? (typeof right === "number" ? [] : right.keys()) : left.keys();
  const at = (side: number | TimeSeries, moment: number) => (typeof side === "number" ? side : side.get(moment));
  const combined = new Map<number, number>();
  for (const moment of moments) {
    const a = at(left, moment);
    const b = at(right, moment);
    const value = a === undefined || b === undefined ? Number.NaN : operate(a, b);
    if (Number.isFinite(value)) combined.set(moment, value);
  }
  return combined;
}

function across(inputs: readonly (TimeSeries | number)[], over: (values: readonly number[]) => number): TimeSeries {
  const moments = new Set(inputs.flatMap((input) => (typeof input === "number" ? [] : [...input.keys()])));
  return new Map(
    [...moments]
      .sort((a, b) => a - b)
      .map((moment) => [
        moment,
        over(inputs.flatMap((input) => (typeof input === "number" ? input : (input.get(moment) ?? [])))),
      ]),
  );
}
