/** What an intrinsic function is. */
import type { Json } from "../json.ts";

/** The engine has no randomness of its own. */
export interface Randomness {
  uuid(): string;
  random(): number;
}

/** Says why a function cannot answer; the caller makes it a States.IntrinsicFailure. */
export class IntrinsicProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "IntrinsicProblem";
  }
}

export interface IntrinsicFunction {
  readonly min: number;
  readonly max: number;
  readonly apply: (args: readonly Json[], random: Randomness) => Json;
}
