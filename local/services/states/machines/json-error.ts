/** Says what is wrong with a JSON text, in the words of the parser that Step Functions uses. */

/** The message with its place, and the place alone. */
export function describeJsonError(text: string): { message: string; location: string } {
  const { reason, offset } = problemOf(text);
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  const location = `[Source: (String)${JSON.stringify(text.length > 500 ? `${text.slice(0, 500)}` : text)}; line: ${line}, column: ${offset - before.lastIndexOf("\n")}]`;
  return { message: `${reason}\n at ${location}`, location };
}

/** As in `Invalid State Machine Execution Input: '…'`, without the place. */
export const jsonProblem = (text: string): string => problemOf(text).reason;

function problemOf(text: string): { reason: string; offset: number } {
  const offset = offsetOf(text);
  const character = text[offset] ?? "";
  const word = /^[A-Za-z_]\w*/.exec(text.slice(offset))?.[0];
  if (character === "") return { reason: "Unexpected end-of-input", offset };
  const inObject = /[{,]\s*$/.test(text.slice(0, offset)) && text.trimStart().startsWith("{");
  if (word !== undefined && !inObject) {
    return {
      reason: `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
      offset: offset + word.length,
    };
  }
  const expected = inObject
    ? "was expecting double-quote to start field name"
    : "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  return { reason: `Unexpected character ('${character}' (code ${character.codePointAt(0)})): ${expected}`, offset };
}

/** Where JSON.parse stumbles: the longest beginning that could still become JSON ends there. */
function offsetOf(text: string): number {
  try {
    JSON.parse(text);
    return text.length;
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    if (position !== undefined) return Number(position);
    // Without a position the parser stopped at the very beginning or at the very end.
    const trimmed = text.trimStart();
    return /^[[{"\dtfn-]/.test(trimmed) && !/^(t(?!rue)|f(?!alse)|n(?!ull))/.test(trimmed)
      ? text.length
      : text.length - trimmed.length;
  }
}
