/** States.Base64Encode, Base64Decode, Hash. */
import { textAt } from "./arguments.ts";
import { IntrinsicProblem, type IntrinsicFunction } from "./function.ts";
import { ALGORITHM_NAMES, digest } from "./hashing.ts";
import type { Json } from "../json.ts";

/** Longest input of these functions, in characters (Intrinsics, Step Functions developer guide). */
const MAX_TEXT = 10_000;

function shortText(args: readonly Json[], functionName: string): string {
  const text = textAt(args, 0, functionName);
  if (text.length > MAX_TEXT)
    throw new IntrinsicProblem(`${functionName} takes at most ${MAX_TEXT} characters, not ${text.length}`);
  return text;
}

function decode(args: readonly Json[]): string {
  const text = shortText(args, "States.Base64Decode");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw new IntrinsicProblem("the argument of States.Base64Decode is not Base64");
  return Buffer.from(text, "base64").toString("utf8");
}

/** Any JSON value may be hashed; what is not a string is hashed as its JSON text. */
function hash(args: readonly Json[]): string {
  const data = args[0] ?? null;
  const text = typeof data === "string" ? shortText(args, "States.Hash") : JSON.stringify(data);
  const algorithm = textAt(args, 1, "States.Hash");
  const result = digest(text, algorithm);
  if (result === undefined) throw new IntrinsicProblem(`States.Hash knows ${ALGORITHM_NAMES}, not ${algorithm}`);
  return result;
}

export const encodingFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  "States.Base64Encode": {
    min: 1,
    max: 1,
    apply: (args) => Buffer.from(shortText(args, "States.Base64Encode"), "utf8").toString("base64"),
  },
  "States.Base64Decode": { min: 1, max: 1, apply: decode },
  "States.Hash": { min: 2, max: 2, apply: hash },
};
