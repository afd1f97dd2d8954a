/** A cursor over the text of a path, a filter or an intrinsic function. */

export class PathSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PathSyntaxError";
  }
}

export class Cursor {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get next(): string {
    return this.text[this.at] ?? "";
  }

  /** Takes the text when it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** Takes what a sticky expression matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  skipSpace(): void {
    while (/\s/.test(this.next)) this.at++;
  }

  expect(expected: string): void {
    if (!this.take(expected)) this.fail(`'${expected}' expected`);
  }

  /** A string in single or double quotes; a backslash keeps the next character as it is. */
  quoted(): string {
    const quote = this.next;
    this.at++;
    let value = "";
    while (this.next !== quote) {
      if (this.done) this.fail("a string is not closed");
      if (this.next === "\\") this.at++;
      value += this.next;
      this.at++;
    }
    this.at++;
    return value;
  }

  fail(reason: string): never {
    throw new PathSyntaxError(`${reason} at position ${this.at + 1} of '${this.text}'`);
  }
}
