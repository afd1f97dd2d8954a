/** One thing that is checked. */
export interface Gate {
  readonly name: string;
  /** What is wrong, a line each; empty when all is well. "skipped: why" alone skips the gate. */
  check(): Promise<readonly string[]>;
}
