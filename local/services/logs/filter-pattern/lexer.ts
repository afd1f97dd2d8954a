/** Reads a filter pattern from left to right. */
import { ServiceError } from "../../../core/errors.ts";

export class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }
  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }
  peek(token: string): boolean {
    this.skipSpace();
    return this.text.startsWith(token, this.at);
  }
  /** Takes the token when it comes next. */
  take(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }
  expect(token: string): void {
    if (!this.take(token)) invalidPattern();
  }
  /** Takes what the sticky expression finds here. */
  match(expression: RegExp): string | undefined {
    const sticky = new RegExp(expression.source, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
  /** The content of "…", with \" and \\ undone; undefined when no quotation begins here. */
  quoted(): string | undefined {
    const found = this.match(/"(?:[^"\\]|\\.)*"/);
    return found?.slice(1, -1).replace(/\\(["\\])/g, "$1");
  }
  /** The expression between percent signs; undefined when none begins here. */
  regularExpression(): RegExp | undefined {
    const found = this.match(/%[^%]+%/);
    return found === undefined ? undefined : compileRegularExpression(found.slice(1, -1));
  }
}

// The documented subset has no groups, look-arounds or back-references, so it cannot backtrack without end
// (Filter pattern syntax: supported regular expressions).
function compileRegularExpression(source: string): RegExp {
  if (/[()]|\\[1-9]|[*+?}][*+]/.test(source)) invalidPattern();
  try {
    return new RegExp(source);
  } catch {
    return invalidPattern();
  }
}

export function invalidPattern(): never {
  throw new ServiceError("InvalidParameterException", "Invalid filter pattern");
}

/** A text in which `*` stands for anything. */
export function wildcard(text: string): (value: string) => boolean {
  if (!text.includes("*")) return (value) => value === text;
  const parts = text.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  const middle = parts.slice(1, -1);
  return (value) => {
    if (!value.startsWith(first)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return value.length - last.length >= at && value.endsWith(last);
  };
}
