/** Update expressions: sections SET, REMOVE, ADD and DELETE, each at most once ("Update expressions in DynamoDB"). */
import { type TypeName, typeOf, type Value } from "../values/value.ts";
import { Issues } from "./issues.ts";
import { checkOverlap, parsePath, type Path } from "./path.ts";
import type { Placeholders } from "./placeholders.ts";
import { TokenReader } from "./tokens.ts";
import type { Update, UpdateAction, UpdateOperand } from "./update.ts";

const SECTIONS = ["SET", "REMOVE", "ADD", "DELETE"] as const;

/** ADD and DELETE name the types of their operands in full. */
const FULL_NAMES: Readonly<Record<TypeName, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  BOOL: "BOOLEAN",
  NULL: "NULL",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  L: "LIST",
  M: "MAP",
};
const SETS: ReadonlySet<TypeName> = new Set(["SS", "NS", "BS"]);
const UNKNOWN: Value = { NULL: true };

export function parseUpdate(text: string, placeholders: Placeholders): Update {
  const reader = new TokenReader("UpdateExpression", text);
  const issues = new Issues();
  const actions = new UpdateParser(reader, placeholders, issues).whole();
  const paths = actions.map(({ path }) => path);
  checkOverlap(paths, issues);
  issues.check((reason) => reader.error(reason));
  return actions;
}

class UpdateParser {
  readonly #reader: TokenReader;
  readonly #placeholders: Placeholders;
  readonly #issues: Issues;

  constructor(reader: TokenReader, placeholders: Placeholders, issues: Issues) {
    this.#reader = reader;
    this.#placeholders = placeholders;
    this.#issues = issues;
  }

  whole(): UpdateAction[] {
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    do {
      const section = SECTIONS.find((name) => this.#reader.isKeyword(name));
      if (section === undefined) throw this.#reader.syntaxError();
      this.#reader.take();
      if (seen.has(section)) {
        this.#issues.note("section", `The "${section}" section can only be used once in an update expression;`);
      }
      seen.add(section);
      do actions.push(this.#action(section));
      while (this.#reader.skipSign(","));
    } while (this.#reader.current.kind !== "end");
    return actions;
  }

  #action(section: (typeof SECTIONS)[number]): UpdateAction {
    const path = this.#path();
    switch (section) {
      case "SET":
        this.#reader.expectSign("=");
        return { kind: "set", path, operand: this.#sum() };
      case "REMOVE":
        return { kind: "remove", path };
      case "ADD":
      case "DELETE":
        return { kind: section === "ADD" ? "add" : "delete", path, value: this.#change(section) };
    }
  }

  #change(section: "ADD" | "DELETE"): Value {
    if (this.#reader.current.kind !== "value") throw this.#reader.syntaxError();
    const value = this.#value();
    if (value === undefined) return UNKNOWN;
    const type = typeOf(value);
    if (!SETS.has(type) && !(section === "ADD" && type === "N")) {
      this.#issues.note(
        "clause",
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${FULL_NAMES[type]}`,
      );
    }
    return value;
  }

  /** One operand, or two with `+` or `-` between them. */
  #sum(): UpdateOperand {
    const left = this.#operand();
    const sign = this.#reader.isSign("+") ? "+" : this.#reader.isSign("-") ? "-" : undefined;
    if (sign === undefined) return left;
    this.#reader.take();
    const right = this.#operand();
    this.#checkType(sign, left, "N");
    this.#checkType(sign, right, "N");
    return { kind: sign, left, right };
  }

  #operand(): UpdateOperand {
    const { kind, text } = this.#reader.current;
    if (this.#reader.skipSign("(")) {
      const inner = this.#sum();
      this.#reader.expectSign(")");
      return inner;
    }
    if (kind === "value") return { kind: "value", value: this.#value() ?? UNKNOWN };
    if (kind === "identifier" && this.#reader.following.text === "(") return this.#call(text);
    return { kind: "path", path: this.#path() };
  }

  #call(name: string): UpdateOperand {
    this.#reader.take();
    this.#reader.expectSign("(");
    const operands = [this.#operand()];
    while (this.#reader.skipSign(",")) operands.push(this.#operand());
    this.#reader.expectSign(")");
    const [left = UNKNOWN_OPERAND, right = UNKNOWN_OPERAND] = operands;
    if (name !== "if_not_exists" && name !== "list_append") {
      this.#issues.note("function", `Invalid function name; function: ${name}`);
      return UNKNOWN_OPERAND;
    }
    if (operands.length !== 2) {
      this.#issues.note(
        "count",
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
      return UNKNOWN_OPERAND;
    }
    if (name === "list_append") {
      this.#checkType(name, left, "L");
      this.#checkType(name, right, "L");
      return { kind: name, left, right };
    }
    if (left.kind === "path") return { kind: name, path: left.path, otherwise: right };
    this.#issues.note("path", `Operator or function requires a document path; operator or function: ${name}`);
    return UNKNOWN_OPERAND;
  }

  #checkType(what: string, operand: UpdateOperand, wanted: TypeName): void {
    if (operand.kind !== "value" || operand.value === UNKNOWN || wanted === typeOf(operand.value)) return;
    this.#issues.note(
      "type",
      `Incorrect operand type for operator or function; operator or function: ${what}, operand type: ${typeOf(operand.value)}`,
    );
  }

  #path(): Path {
    if (this.#reader.isKeyword(...SECTIONS)) throw this.#reader.syntaxError();
    return parsePath(this.#reader, this.#placeholders, this.#issues);
  }

  #value(): Value | undefined {
    const { text } = this.#reader.take();
    const value = this.#placeholders.value(text);
    if (value === undefined) {
      this.#issues.note(
        "placeholder",
        `An expression attribute value used in expression is not defined; attribute value: ${text}`,
      );
    }
    return value;
  }
}

const UNKNOWN_OPERAND: UpdateOperand = { kind: "value", value: UNKNOWN };
