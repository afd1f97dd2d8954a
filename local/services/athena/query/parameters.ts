/**
 * Execution parameters: each `?` stands for one literal, a text in single quotes ("Use parameterized queries", Amazon Athena User
 * Guide). What is no literal is refused, so that a parameter can never become a part of the statement.
 */
import { QueryFailed } from "./failure.ts";

const LITERAL =
  /^\s*(?:'(?:[^']|'')*'|[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:DATE|TIMESTAMP)\s+'(?:[^']|'')*'|TRUE|FALSE|NULL)\s*$/i;
/** Texts, quoted names and comments, in which a question mark is only that; and the question mark. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\?/g;

/** The statement with its parameters in place. */
export function withParameters(query: string, parameters: readonly string[]): string {
  let used = 0;
  const statement = query.replace(TOKEN, (token) => (token === "?" ? literal(parameters[used], used++) : token));
  if (used !== parameters.length)
    throw new QueryFailed(
      `INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected ${used} but found ${parameters.length}`,
    );
  return statement;
}

function literal(value: string | undefined, index: number): string {
  if (value === undefined)
    throw new QueryFailed(
      `INVALID_PARAMETER_USAGE: Incorrect number of parameters: no value for parameter ${index + 1}`,
    );
  if (LITERAL.test(value)) return ` ${value} `;
  // An unquoted text is read as the name of a column, which no row has.
  throw new QueryFailed(
    `SYNTAX_ERROR: Execution parameter ${index + 1} is not a literal. A text must be enclosed in single quotes.`,
  );
}
