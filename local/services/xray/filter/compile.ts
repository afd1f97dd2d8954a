/**
 * Filter expressions: keywords joined by AND, OR, `!` and parentheses. Of the complex keywords there are `service(name)` and
 * `service(id(name: …, type: …))` with a filter in braces, and `annotation`; all others are refused.
 */
import { keyOf, type NodeKey, sightingsOf } from "../service-nodes.ts";
import { invalidRequest } from "../store.ts";
import type { Trace } from "../trace.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { type Subject, valuesOf } from "./values.ts";

type Matches = (subject: Subject) => boolean;
type Value = string | number | boolean;

const COMPARISONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  CONTAINS: (a, b) => String(a).includes(String(b)),
  BEGINSWITH: (a, b) => String(a).startsWith(String(b)),
  ENDSWITH: (a, b) => String(a).endsWith(String(b)),
};

/** Throws InvalidRequestException for what is no filter expression, or uses a keyword that is not here. */
export function compileFilter(expression: string): (trace: Trace) => boolean {
  const parser = new Parser(tokensOf(expression));
  const matches = parser.either();
  parser.end();
  return (trace) => matches({ trace, sightings: sightingsOf(trace) });
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  either(): Matches {
    const parts = [this.#both()];
    while (this.#take("OR")) parts.push(this.#both());
    return (subject) => parts.some((part) => part(subject));
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#wrong();
  }

  #both(): Matches {
    const parts = [this.#one()];
    while (this.#take("AND")) parts.push(this.#one());
    return (subject) => parts.every((part) => part(subject));
  }

  #one(): Matches {
    if (this.#take("!") || this.#take("NOT")) {
      const inner = this.#one();
      return (subject) => !inner(subject);
    }
    if (this.#take("(")) {
      const inner = this.either();
      this.#need(")");
      return inner;
    }
    return this.#take("service") ? this.#service() : this.#keyword();
  }

  /** `service("name") { fault }`: some segment of such a node matches. */
  #service(): Matches {
    const wanted: { name?: string; type?: string } = {};
    if (this.#take("(")) {
      if (this.#take("id")) {
        this.#need("(");
        do {
          const member = this.#take("name") ? "name" : this.#need("type") && "type";
          this.#need(":");
          wanted[member] = this.#text();
        } while (this.#take(","));
        this.#need(")");
      } else wanted.name = this.#text();
      this.#need(")");
    }
    const inner = this.#take("{") ? this.#inBraces() : () => true;
    return ({ trace, sightings }) =>
      sightings.some((sighting) => isNode(sighting.node, wanted) && inner({ trace, sightings: [sighting] }));
  }

  #inBraces(): Matches {
    const inner = this.either();
    this.#need("}");
    return inner;
  }

  /** A flag by itself, or a value that is compared. */
  #keyword(): Matches {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "word") throw this.#wrong(-1);
    const keyword = token.value.toLowerCase() === "annotation" ? this.#annotation() : token.value;
    const read = valuesOf(keyword);
    if (!read) throw invalidRequest(`Invalid filter expression: unknown keyword ${token.value}`);
    const operator = this.#peek();
    const compare = operator === undefined ? undefined : COMPARISONS[operator.toUpperCase()];
    if (!compare) return (subject) => read(subject).some((value) => value !== false);
    this.#at++;
    const value = this.#value();
    return (subject) => read(subject).some((own) => compare(own, value));
  }

  /** `annotation[key]`, the newer form of `annotation.key`. */
  #annotation(): string {
    this.#need("[");
    const key = this.#tokens[this.#at++];
    if (key?.kind !== "word" && key?.kind !== "text") throw this.#wrong(-1);
    this.#need("]");
    return `annotation.${key.value}`;
  }

  #value(): Value {
    const token = this.#tokens[this.#at++];
    if (token?.kind === "text") return token.value;
    if (token?.kind === "number") return Number(token.value);
    if (token?.value === "true" || token?.value === "false") return token.value === "true";
    throw this.#wrong(-1);
  }

  #text(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== "text") throw this.#wrong(-1);
    return token.value;
  }

  #peek(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === "text" ? undefined : token?.value;
  }

  #take(value: string): boolean {
    if (this.#peek() !== value) return false;
    this.#at++;
    return true;
  }

  #need(value: string): true {
    if (!this.#take(value)) throw this.#wrong();
    return true;
  }

  #wrong(offset = 0) {
    const token = this.#tokens[this.#at + offset];
    return invalidRequest(`Invalid filter expression: unexpected ${token === undefined ? "end" : token.value}`);
  }
}

const isNode = (node: NodeKey, { name, type }: { readonly name?: string; readonly type?: string }): boolean =>
  keyOf(node) === keyOf({ name: name ?? node.name, type: type ?? node.type });
