/** The words and signs of an expression, and reading through them one by one. */
import { textSize } from "../values/size.ts";
import { invalid } from "../validation.ts";

/** Expressions are at most 4 KB long ("Service, account, and table quotas": expression parameters). */
const LONGEST = 4096;

interface Token {
  readonly kind: "identifier" | "name" | "value" | "number" | "sign" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERNS = [
  ["identifier", /[A-Za-z]\w*/y],
  ["name", /#\w+/y],
  ["value", /:\w+/y],
  ["number", /\d+/y],
  // Whatever else stands there is a sign of one character; the parsers know those that mean something.
  ["sign", /<>|<=|>=|[^\s]/uy],
] as const;

export class TokenReader {
  /** `ConditionExpression` and so on, as messages name it. */
  readonly kind: string;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** Throws ValidationException for an empty or overlong expression. */
  constructor(kind: string, text: string) {
    this.kind = kind;
    this.#text = text;
    if (text.trim() === "") throw this.error("The expression can not be empty;");
    const size = textSize(text);
    if (size > LONGEST) {
      throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    this.#tokens = tokensOf(text);
  }

  /** How many tokens have been taken. */
  get position(): number {
    return this.#at;
  }

  get current(): Token {
    return this.#tokenAt(this.#at);
  }

  get following(): Token {
    return this.#tokenAt(this.#at + 1);
  }

  /** Takes the current token, whatever it is. */
  take(): Token {
    const token = this.current;
    this.#at++;
    return token;
  }

  isSign(text: string): boolean {
    return this.current.kind === "sign" && this.current.text === text;
  }

  /** Keywords are the same in upper and lower case. */
  isKeyword(...words: readonly string[]): boolean {
    return this.current.kind === "identifier" && words.includes(this.current.text.toUpperCase());
  }

  /** Takes the sign when it is there. */
  skipSign(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.#at++;
    return true;
  }

  skipKeyword(word: string): boolean {
    if (!this.isKeyword(word)) return false;
    this.#at++;
    return true;
  }

  expectSign(text: string): void {
    if (!this.skipSign(text)) throw this.syntaxError();
  }

  expectKeyword(word: string): void {
    if (!this.skipKeyword(word)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.current.kind !== "end") throw this.syntaxError();
  }

  /** Names the current token and shows it between its neighbours. */
  syntaxError(): Error {
    const { start } = this.#tokenAt(Math.max(0, this.#at - 1));
    const { end } = this.#tokenAt(this.#at + 1);
    return this.error(`Syntax error; token: "${this.current.text}", near: "${this.#text.slice(start, end).trim()}"`);
  }

  error(reason: string): Error {
    return invalid(`Invalid ${this.kind}: ${reason}`);
  }

  #tokenAt(at: number): Token {
    const length = this.#text.length;
    return this.#tokens[at] ?? { kind: "end", text: "<EOF>", start: length, end: length };
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    const space = /\s*/y;
    space.lastIndex = start;
    start += space.exec(text)?.[0].length ?? 0;
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = start;
      const match = pattern.exec(text);
      if (!match) continue;
      tokens.push({ kind, text: match[0], start, end: start + match[0].length });
      start += match[0].length;
      break;
    }
  }
  return tokens;
}
