/** Wildcard patterns of policies: `*` any run of characters, `?` exactly one, `${key}` a value of the request. */

/** Answers a condition key's values; undefined when the request does not carry the key. */
export type Lookup = (key: string) => readonly string[] | undefined;

const STAR = -1;
const ANY_ONE = -2;

/** A UTF-16 code unit, STAR, ANY_ONE, or a variable that is put in when the request is known. */
type Token = number | { readonly key: string; readonly fallback: string | undefined };

export interface Pattern {
  readonly source: string;
  /** The value must be this exactly: the usual case. */
  readonly literal: string | undefined;
  /** The value must start with this, when the only wildcard is a `*` at the end. */
  readonly prefix: string | undefined;
  readonly tokens: readonly Token[];
  readonly hasVariables: boolean;
}

export interface PatternOptions {
  /** Only policies of Version 2012-10-17 know variables (IAM policy elements: Variables and tags). */
  readonly variables: boolean;
  /** False for operators such as StringEquals, where `*` is a character like any other. */
  readonly wildcards: boolean;
}

const VARIABLE = /^\$\{\s*([^{},\s]+)\s*(?:,\s*'([^']*)'\s*)?\}/;
// `${*}`, `${?}` and `${$}` are how a policy writes these characters themselves.
const ESCAPED = new Set(["*", "?", "$"]);

export function compilePattern(source: string, options: PatternOptions): Pattern {
  const tokens: Token[] = [];
  let hasVariables = false;
  for (let i = 0; i < source.length; i++) {
    const character = source.charAt(i);
    const variable = options.variables && character === "$" ? VARIABLE.exec(source.slice(i)) : null;
    if (variable) {
      const key = variable[1] ?? "";
      if (ESCAPED.has(key)) tokens.push(key.charCodeAt(0));
      else {
        tokens.push({ key: key.toLowerCase(), fallback: variable[2] });
        hasVariables = true;
      }
      i += variable[0].length - 1;
    } else if (options.wildcards && character === "*") {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else if (options.wildcards && character === "?") tokens.push(ANY_ONE);
    else tokens.push(source.charCodeAt(i));
  }
  const firstSpecial = tokens.findIndex((token) => typeof token !== "number" || token < 0);
  return {
    source,
    tokens,
    hasVariables,
    literal: firstSpecial < 0 ? textOf(tokens) : undefined,
    prefix:
      tokens[firstSpecial] === STAR && firstSpecial === tokens.length - 1 ? textOf(tokens.slice(0, -1)) : undefined,
  };
}

/** True when the value fits. A variable that the request has no single value for fits nothing. */
export function matches(pattern: Pattern, value: string, lookup: Lookup): boolean {
  if (pattern.literal !== undefined) return pattern.literal === value;
  if (pattern.prefix !== undefined) return value.startsWith(pattern.prefix);
  const codes = pattern.hasVariables ? resolve(pattern.tokens, lookup) : pattern.tokens;
  return codes !== undefined && matchCodes(codes, value);
}

/** The pattern's text with its variables put in, wildcards kept as written; undefined when a value is missing. */
export function resolvedText(pattern: Pattern, lookup: Lookup): string | undefined {
  if (pattern.literal !== undefined) return pattern.literal;
  const codes = resolve(pattern.tokens, lookup);
  return codes
    ?.map((code) => (code === STAR ? "*" : code === ANY_ONE ? "?" : String.fromCharCode(Number(code))))
    .join("");
}

function resolve(tokens: readonly Token[], lookup: Lookup): readonly number[] | undefined {
  const codes: number[] = [];
  for (const token of tokens) {
    if (typeof token === "number") codes.push(token);
    else {
      const values = lookup(token.key);
      // Keys with several values cannot be used as variables (IAM policy elements: Variables and tags).
      const value = values?.length === 1 ? values[0] : token.fallback;
      if (value === undefined) return undefined;
      // Put in as plain characters: a `*` in a tag or session name never becomes a wildcard.
      for (let i = 0; i < value.length; i++) codes.push(value.charCodeAt(i));
    }
  }
  return codes;
}

// Greedy with one point of return: at worst pattern times value, never exponential.
function matchCodes(codes: readonly Token[], value: string): boolean {
  let at = 0;
  let position = 0;
  let starAt = -1;
  let resume = 0;
  while (position < value.length) {
    const code = codes[at];
    if (code === STAR) {
      starAt = at++;
      resume = position;
    } else if (code === ANY_ONE || code === value.charCodeAt(position)) {
      at++;
      position++;
    } else if (starAt >= 0) {
      at = starAt + 1;
      position = ++resume;
    } else return false;
  }
  while (codes[at] === STAR) at++;
  return at === codes.length;
}

const textOf = (tokens: readonly Token[]): string => tokens.map((token) => String.fromCharCode(Number(token))).join("");
