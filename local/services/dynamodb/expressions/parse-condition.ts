/**
 * Condition, filter and key condition expressions ("Condition and filter expressions, operators, and functions").
 * Precedence, strongest first: comparisons and functions, NOT, AND, OR.
 */
import { checkBetween, checkCall, checkCompare, checkIn, checkSize } from "./check-operands.ts";
import {
  type Comparator,
  type Condition,
  CONDITION_FUNCTIONS,
  type ConditionFunction,
  type Operand,
} from "./condition.ts";
import { Issues } from "./issues.ts";
import { parsePath } from "./path.ts";
import type { Placeholders } from "./placeholders.ts";
import { TokenReader } from "./tokens.ts";

export function parseCondition(kind: string, text: string, placeholders: Placeholders): Condition {
  const reader = new TokenReader(kind, text);
  const issues = new Issues();
  const node = new ConditionParser(reader, placeholders, issues).whole();
  issues.check((reason) => reader.error(reason));
  return node;
}

/** A parenthesis may hold either, so both are read by one grammar and told apart afterwards. */
type Node = { readonly condition: Condition } | { readonly operand: Operand };

const COMPARATORS: readonly string[] = ["=", "<>", "<", "<=", ">", ">="] satisfies Comparator[];
const KEYWORDS = ["AND", "OR", "NOT", "BETWEEN", "IN"] as const;
/** Stands where an issue has been noted: the expression is refused before anyone looks at it. */
const NOTHING: Operand = { kind: "value", value: { NULL: true }, placeholder: "" };

class ConditionParser {
  readonly #reader: TokenReader;
  readonly #placeholders: Placeholders;
  readonly #issues: Issues;
  /** Where the parenthesis that was closed last begins and ends. */
  #inner = { from: -1, to: -1 };

  constructor(reader: TokenReader, placeholders: Placeholders, issues: Issues) {
    this.#reader = reader;
    this.#placeholders = placeholders;
    this.#issues = issues;
  }

  whole(): Condition {
    const condition = this.#asCondition(this.#or(false));
    this.#reader.expectEnd();
    return condition;
  }

  /** @param within whether a parenthesis was just opened, so that an operand alone may stand here. */
  #or(within: boolean): Node {
    let left = this.#and(within);
    while (this.#reader.skipKeyword("OR")) {
      left = {
        condition: { kind: "or", left: this.#asCondition(left), right: this.#asCondition(this.#and(false)) },
      };
    }
    return left;
  }

  #and(within: boolean): Node {
    let left = this.#not(within);
    while (this.#reader.skipKeyword("AND")) {
      left = {
        condition: { kind: "and", left: this.#asCondition(left), right: this.#asCondition(this.#not(false)) },
      };
    }
    return left;
  }

  #not(within: boolean): Node {
    if (!this.#reader.skipKeyword("NOT")) return this.#comparison(within);
    return { condition: { kind: "not", condition: this.#asCondition(this.#not(false)) } };
  }

  #comparison(within: boolean): Node {
    const left = this.#primary();
    const { kind, text } = this.#reader.current;
    if (kind === "sign" && COMPARATORS.includes(text)) {
      this.#reader.take();
      // The list above holds comparators only.
      const comparator = text as Comparator;
      const operands = { left: this.#asOperand(left), right: this.#operand() };
      checkCompare(comparator, operands.left, operands.right, this.#issues);
      return { condition: { kind: "compare", comparator, ...operands } };
    }
    if (this.#reader.skipKeyword("BETWEEN")) return { condition: this.#between(this.#asOperand(left)) };
    if (this.#reader.skipKeyword("IN")) return { condition: this.#in(this.#asOperand(left)) };
    const isOperandAlone = "operand" in left && left.operand.kind !== "size";
    if (isOperandAlone && !(within && this.#reader.isSign(")"))) throw this.#reader.syntaxError();
    return left;
  }

  #between(operand: Operand): Condition {
    const low = this.#operand();
    this.#reader.expectKeyword("AND");
    const high = this.#operand();
    checkBetween(operand, low, high, this.#issues);
    return { kind: "between", operand, low, high };
  }

  #in(operand: Operand): Condition {
    this.#reader.expectSign("(");
    const candidates = [this.#operand()];
    while (this.#reader.skipSign(",")) candidates.push(this.#operand());
    this.#reader.expectSign(")");
    checkIn(operand, candidates, this.#issues);
    return { kind: "in", operand, candidates };
  }

  #operand(): Operand {
    return this.#asOperand(this.#primary());
  }

  #primary(): Node {
    const { kind, text } = this.#reader.current;
    if (this.#reader.isSign("(")) return this.#parenthesis();
    if (kind === "value") {
      this.#reader.take();
      return { operand: this.#valueOf(text) };
    }
    if (kind === "identifier" && this.#reader.following.text === "(" && !this.#reader.isKeyword(...KEYWORDS)) {
      return this.#call();
    }
    if (this.#reader.isKeyword(...KEYWORDS)) throw this.#reader.syntaxError();
    return { operand: { kind: "path", path: parsePath(this.#reader, this.#placeholders, this.#issues) } };
  }

  #parenthesis(): Node {
    const from = this.#reader.position;
    this.#reader.expectSign("(");
    const node = this.#or(true);
    const to = this.#reader.position;
    this.#reader.expectSign(")");
    // `((x))`: what the outer one holds is nothing but the inner one.
    const { from: innerFrom, to: innerTo } = this.#inner;
    if (innerFrom === from + 1 && innerTo === to - 1) {
      this.#issues.note("parentheses", "The expression has redundant parentheses;");
    }
    this.#inner = { from, to };
    return node;
  }

  #call(): Node {
    const { text: name } = this.#reader.take();
    this.#reader.expectSign("(");
    const operands = [this.#operand()];
    while (this.#reader.skipSign(",")) operands.push(this.#operand());
    this.#reader.expectSign(")");
    if (name === "size") {
      checkSize(operands, this.#issues);
      return { operand: { kind: "size", of: operands[0] ?? NOTHING } };
    }
    if (isConditionFunction(name)) {
      checkCall(name, operands, this.#issues);
      return { condition: { kind: "call", name, operands } };
    }
    this.#issues.note("function", `Invalid function name; function: ${name}`);
    return COMPARATORS.includes(this.#reader.current.text)
      ? { operand: NOTHING }
      : { condition: { kind: "call", name: "attribute_exists", operands } };
  }

  #valueOf(placeholder: string): Operand {
    const value = this.#placeholders.value(placeholder);
    if (value !== undefined) return { kind: "value", value, placeholder };
    this.#issues.note(
      "placeholder",
      `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
    );
    return NOTHING;
  }

  #asOperand(node: Node): Operand {
    if ("operand" in node) return node.operand;
    if (node.condition.kind !== "call") throw this.#reader.syntaxError();
    this.#misused(node.condition.name);
    return NOTHING;
  }

  #asCondition(node: Node): Condition {
    if ("condition" in node) return node.condition;
    if (node.operand.kind !== "size") throw this.#reader.syntaxError();
    this.#misused("size");
    return { kind: "in", operand: NOTHING, candidates: [] };
  }

  #misused(name: string): void {
    this.#issues.note("misuse", `The function is not allowed to be used this way in an expression; function: ${name}`);
  }
}

const isConditionFunction = (name: string): name is ConditionFunction =>
  CONDITION_FUNCTIONS.some((known) => known === name);
