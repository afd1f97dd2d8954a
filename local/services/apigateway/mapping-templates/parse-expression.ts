/** Expressions and references of mapping templates. */
import { type Expression, type Node, type Operator, type Reference, type Step, TemplateError } from "./syntax.ts";

/** Operators by how tightly they bind, the loosest first, with the words that stand for them. */
const LEVELS: readonly (readonly (readonly [RegExp, Operator])[])[] = [
  [[/\|\||or\b/y, "||"]],
  [[/&&|and\b/y, "&&"]],
  [
    [/==|eq\b/y, "=="],
    [/!=|ne\b/y, "!="],
  ],
  [
    [/<=|le\b/y, "<="],
    [/>=|ge\b/y, ">="],
    [/<|lt\b/y, "<"],
    [/>|gt\b/y, ">"],
  ],
  [
    [/\+/y, "+"],
    [/-/y, "-"],
  ],
  [
    [/\*/y, "*"],
    [/\//y, "/"],
    [/%/y, "%"],
  ],
];
// Hyphens belong to names: `$n-1` is a name too.
const NAME = /[A-Za-z_][\w-]*/y;

export class Cursor {
  readonly text: string;
  at: number;
  /** Parses the template inside a text in double quotes. */
  readonly parseText: (text: string) => readonly Node[];

  constructor(text: string, at: number, parseText: (text: string) => readonly Node[]) {
    this.text = text;
    this.at = at;
    this.parseText = parseText;
  }

  fail(what: string): never {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new TemplateError(`Invalid mapping template: ${what} in line ${line}`);
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  take(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  expect(text: string): void {
    this.space();
    if (!this.take(text)) this.fail(`"${text}" expected`);
  }

  space(): void {
    this.match(/\s+/y);
  }

  expression(level = 0): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      this.space();
      const found = operators.find(([pattern]) => this.match(pattern) !== undefined);
      if (!found) return left;
      left = { kind: "binary", operator: found[1], left, right: this.expression(level + 1) };
    }
  }

  #unary(): Expression {
    this.space();
    if (this.text[this.at] === "!" && this.text[this.at + 1] !== "=") {
      this.at++;
      return { kind: "not", operand: this.#unary() };
    }
    if (this.match(/not\b/y) !== undefined) return { kind: "not", operand: this.#unary() };
    return this.#primary();
  }

  #primary(): Expression {
    const number = this.match(/-?\d+(\.\d+)?/y);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
    const word = this.match(/(true|false|null)\b/y);
    if (word !== undefined) return { kind: "literal", value: word === "null" ? null : word === "true" };
    const single = this.match(/'(?:[^']|'')*'/y);
    if (single !== undefined) return { kind: "literal", value: single.slice(1, -1).replaceAll("''", "'") };
    const double = this.match(/"(?:[^"]|"")*"/y);
    if (double !== undefined)
      return { kind: "interpolated", body: this.parseText(double.slice(1, -1).replaceAll('""', '"')) };
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (this.take("[")) return this.#list();
    if (this.text[this.at] === "{") return this.#map();
    return this.reference()?.reference ?? this.fail("an expression expected");
  }

  #list(): Expression {
    this.space();
    if (this.take("]")) return { kind: "list", items: [] };
    const first = this.expression();
    this.space();
    if (this.take("..")) {
      const to = this.expression();
      this.expect("]");
      return { kind: "range", from: first, to };
    }
    const items = [first];
    while ((this.space(), this.take(","))) items.push(this.expression());
    this.expect("]");
    return { kind: "list", items };
  }

  #map(): Expression {
    this.expect("{");
    const entries: [Expression, Expression][] = [];
    this.space();
    if (this.take("}")) return { kind: "map", entries };
    do {
      const key = this.expression();
      this.expect(":");
      entries.push([key, this.expression()]);
      this.space();
    } while (this.take(","));
    this.expect("}");
    return { kind: "map", entries };
  }

  /** A reference here; undefined (and nothing read) when the dollar sign is just a dollar sign. */
  reference(): { readonly reference: Reference; readonly isQuiet: boolean } | undefined {
    const start = this.at;
    if (!this.take("$")) return undefined;
    const isQuiet = this.take("!");
    const isFormal = this.take("{");
    const name = this.match(NAME) ?? "";
    if (name === "") {
      this.at = start;
      return undefined;
    }
    const steps: Step[] = [];
    for (;;) {
      const before = this.at;
      if (this.take("[")) {
        steps.push({ kind: "index", index: this.expression() });
        this.expect("]");
        continue;
      }
      const member = this.take(".") ? this.match(NAME) : undefined;
      if (member === undefined) {
        this.at = before;
        break;
      }
      steps.push(
        this.take("(")
          ? { kind: "call", name: member, arguments: this.#arguments() }
          : { kind: "property", name: member },
      );
    }
    if (isFormal) this.expect("}");
    return { reference: { kind: "reference", name, steps }, isQuiet };
  }

  #arguments(): Expression[] {
    this.space();
    if (this.take(")")) return [];
    const values = [this.expression()];
    while ((this.space(), this.take(","))) values.push(this.expression());
    this.expect(")");
    return values;
  }
}
