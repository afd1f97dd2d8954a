/** A handler that cannot be bundled: what a person needs to mend it. */
import type { Message } from "esbuild";

export class BuildFailure extends Error {
  override readonly name = "Runtime.BuildError";
  /** One a line: `apps/x/src/handler.ts:3:7: Could not resolve "y"`. */
  constructor(folder: string, messages: readonly Message[]) {
    super([`The code in ${folder} could not be built:`, ...messages.map(describe)].join("\n"));
  }
}

function describe({ location, text, notes }: Message): string {
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : "";
  const source = location?.lineText.trim();
  const hints = notes.map((note) => `\n    ${note.text}`).join("");
  return `  ${place}${text}${source ? `\n    ${source}` : ""}${hints}`;
}

/** The messages of esbuild's own error. */
export const messagesOf = (error: unknown): readonly Message[] | undefined =>
  error instanceof Error && "errors" in error && Array.isArray(error.errors)
    ? (error.errors as readonly Message[])
    : undefined;
