/** The words of a filter expression ("Use filter expressions", AWS X-Ray Developer Guide). */
import { invalidRequest } from "../store.ts";

export interface Token {
  readonly kind: "word" | "text" | "number" | "sign";
  /** Of a text without its quotes. */
  readonly value: string;
}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_][\w.]*)|(!=|<=|>=|[=<>!(){}[\],:]))/gy;

/** Throws InvalidRequestException. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = expression.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const [, text, number, word, sign] = TOKEN.exec(expression) ?? [];
    if (text !== undefined) tokens.push({ kind: "text", value: text.replace(/\\(.)/g, "$1") });
    else if (number !== undefined) tokens.push({ kind: "number", value: number });
    else if (word !== undefined) tokens.push({ kind: "word", value: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", value: sign });
    else throw invalidRequest(`Invalid filter expression at position ${from}: ${expression.slice(from, from + 20)}`);
  }
  return tokens;
}
