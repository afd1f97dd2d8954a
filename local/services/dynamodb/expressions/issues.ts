/** What is wrong with an expression whose syntax is right. AWS tells one thing: the first of the first of these kinds. */

const KINDS = [
  "parentheses",
  "function",
  "misuse",
  "reserved",
  "section",
  "placeholder",
  "overlap",
  "conflict",
  "clause",
  "count",
  "path",
  "type",
  "distinct",
] as const;

export class Issues {
  readonly #first = new Map<(typeof KINDS)[number], string>();

  note(kind: (typeof KINDS)[number], reason: string): void {
    if (!this.#first.has(kind)) this.#first.set(kind, reason);
  }

  /** Throws when there is any. */
  check(error: (reason: string) => Error): void {
    for (const kind of KINDS) {
      const reason = this.#first.get(kind);
      if (reason !== undefined) throw error(reason);
    }
  }
}
