/** Calls of intrinsic functions: `States.Format('{} of {}', $.name, States.ArrayLength($.items))`. */
import type { StatesFailure } from "../failure.ts";
import type { Json } from "../json.ts";
import { readPath, type Sight } from "../jsonpath/path.ts";
import { Cursor } from "../jsonpath/tokens.ts";
import { IntrinsicProblem, type Randomness } from "./function.ts";
import { FUNCTIONS } from "./functions.ts";

type Argument = (sight: Sight, random: Randomness) => Json;
type Intrinsic = (sight: Sight, random: Randomness, fail: (reason: string) => StatesFailure) => Json;

/** Nested calls may go this deep (Intrinsics, Step Functions developer guide). */
const MAX_DEPTH = 10;

/** Throws PathSyntaxError. */
export function compileIntrinsic(text: string): Intrinsic {
  const cursor = new Cursor(text);
  const call = readCall(cursor, 1);
  cursor.skipSpace();
  if (!cursor.done) cursor.fail("nothing may follow the function");
  return (sight, random, fail) => {
    try {
      return call(sight, random);
    } catch (error) {
      if (error instanceof IntrinsicProblem) throw fail(error.message);
      throw error;
    }
  };
}

function readCall(cursor: Cursor, depth: number): Argument {
  if (depth > MAX_DEPTH) cursor.fail(`functions are nested more than ${MAX_DEPTH} deep`);
  const [name] = cursor.match(/States\.\w+/y) ?? cursor.fail("a function expected");
  const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!definition) return cursor.fail(`there is no function ${name}`);
  cursor.expect("(");
  const args = readArguments(cursor, depth, name === "States.Format");
  if (args.length < definition.min || args.length > definition.max) {
    cursor.fail(
      `${name} takes ${definition.min === definition.max ? definition.min : `${definition.min} or more`} arguments, not ${args.length}`,
    );
  }
  return (sight, random) =>
    definition.apply(
      args.map((argument) => argument(sight, random)),
      random,
    );
}

function readArguments(cursor: Cursor, depth: number, isFormat: boolean): Argument[] {
  const args: Argument[] = [];
  cursor.skipSpace();
  if (cursor.take(")")) return args;
  do {
    cursor.skipSpace();
    // The template of States.Format reads its escaped braces itself.
    args.push(readArgument(cursor, depth, isFormat && args.length === 0));
    cursor.skipSpace();
  } while (cursor.take(","));
  cursor.expect(")");
  return args;
}

function readArgument(cursor: Cursor, depth: number, keepEscapes: boolean): Argument {
  if (cursor.next === "'") {
    const text = readString(cursor, keepEscapes);
    return () => text;
  }
  if (cursor.next === "$") {
    const path = readPath(cursor);
    return (sight) => {
      const found = path.find(sight);
      if (found === undefined) throw new IntrinsicProblem(`the path ${path.text} leads to nothing`);
      return found;
    };
  }
  if (cursor.text.startsWith("States.", cursor.at)) return readCall(cursor, depth + 1);
  const [word] =
    cursor.match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y) ??
    cursor.fail("an argument expected: a string in single quotes, a number, a path or a function");
  const value: Json = word === "true" ? true : word === "false" ? false : word === "null" ? null : Number(word);
  return () => value;
}

/** A string in single quotes, with the escapes `\'`, `\{`, `\}` and `\\`. */
function readString(cursor: Cursor, keepEscapes: boolean): string {
  cursor.expect("'");
  let text = "";
  while (cursor.next !== "'") {
    if (cursor.done) cursor.fail("a string is not closed");
    if (cursor.take("\\") && keepEscapes && cursor.next !== "'") text += "\\";
    text += cursor.next;
    cursor.at++;
  }
  cursor.at++;
  return text;
}
