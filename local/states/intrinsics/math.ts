/** States.MathRandom, MathAdd, UUID. */
import { integerAt } from "./arguments.ts";
import { IntrinsicProblem, type IntrinsicFunction, type Randomness } from "./function.ts";
import { seeded } from "./seeded.ts";
import type { Json } from "../json.ts";

/** An integer from start (inclusive) to end (exclusive); the same for the same seed. */
function mathRandom(args: readonly Json[], random: Randomness): number {
  const start = integerAt(args, 0, "States.MathRandom");
  const end = integerAt(args, 1, "States.MathRandom");
  if (end <= start)
    throw new IntrinsicProblem(`the end of States.MathRandom (${end}) must lie beyond its start (${start})`);
  const fraction = args.length === 3 ? seeded(integerAt(args, 2, "States.MathRandom")) : random.random();
  return start + Math.floor(fraction * (end - start));
}

export const mathFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  "States.MathRandom": { min: 2, max: 3, apply: mathRandom },
  "States.MathAdd": {
    min: 2,
    max: 2,
    apply: (args) => integerAt(args, 0, "States.MathAdd") + integerAt(args, 1, "States.MathAdd"),
  },
  "States.UUID": { min: 0, max: 0, apply: (_, random) => random.uuid() },
};
