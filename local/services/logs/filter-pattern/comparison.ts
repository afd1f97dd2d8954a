/** `= 200`, `!= "x*"`, `> 1.5`, `= %a.c%`: what JSON and space-delimited patterns compare values with. */
import { invalidPattern, type Reader, wildcard } from "./lexer.ts";

export type Value = string | number | boolean | null;
export type Test = (value: Value) => boolean;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Reads an operator and what is on its right. Throws InvalidParameterException. */
export function readComparison(reader: Reader, bare: RegExp): Test {
  reader.skipSpace();
  const operator = reader.match(/!=|<=|>=|=|<|>/);
  if (operator === undefined) return invalidPattern();
  reader.skipSpace();
  const test = readEquality(reader, bare, operator !== "=" && operator !== "!=");
  if (operator === "=") return test.equals;
  if (operator === "!=") return (value) => !test.equals(value);
  const { number } = test;
  if (number === undefined) return invalidPattern();
  return (value) => {
    const actual = numeric(value);
    if (actual === undefined) return false;
    return operator === "<"
      ? actual < number
      : operator === ">"
        ? actual > number
        : operator === "<="
          ? actual <= number
          : actual >= number;
  };
}

function readEquality(
  reader: Reader,
  bare: RegExp,
  needsNumber: boolean,
): { equals: Test; number: number | undefined } {
  const expression = reader.regularExpression();
  if (expression) return { equals: (value) => expression.test(String(value)), number: undefined };
  const quoted = reader.quoted();
  const text = quoted ?? reader.match(bare)?.trim();
  if (text === undefined || (quoted === undefined && text === "")) return invalidPattern();
  const number = quoted === undefined && NUMBER.test(text) ? Number(text) : undefined;
  if (needsNumber || number !== undefined) return { equals: (value) => numeric(value) === number, number };
  const fits = wildcard(text);
  return { equals: (value) => value !== null && fits(String(value)), number };
}

function numeric(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
}
