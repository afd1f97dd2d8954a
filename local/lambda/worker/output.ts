/** What a handler prints, as the Node.js runtime of Lambda writes it to the log ("Log and monitor Node.js Lambda functions"). */
import { format } from "node:util";
import { failureOf, loggable } from "./failure.ts";

const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
type Level = (typeof LEVELS)[number];

export interface OutputOptions {
  readonly format: "Text" | "JSON";
  /** The least level that is kept; JSON only ("Log-level filtering"). */
  readonly level: string | undefined;
  readonly now: () => number;
  readonly write: (at: number, text: string) => void;
}

export class Output {
  readonly #options: OutputOptions;
  /** Of the running invocation. */
  requestId: string | undefined;

  constructor(options: OutputOptions) {
    this.#options = options;
  }

  /** Replaces console's methods and the standard streams. */
  install(): void {
    const methods = {
      trace: this.#method("TRACE"),
      debug: this.#method("DEBUG"),
      info: this.#method("INFO"),
      log: this.#method("INFO"),
      warn: this.#method("WARN"),
      error: this.#method("ERROR"),
      fatal: this.#method("FATAL"),
    };
    Object.assign(console, methods);
    // Loggers that write their own lines (Powertools) go to the streams directly.
    for (const stream of [process.stdout, process.stderr]) {
      Object.assign(stream, {
        write: (chunk: unknown, encoding?: unknown, callback?: unknown): boolean => {
          const text = typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString();
          this.#options.write(this.#options.now(), text.replace(/\n$/, ""));
          const done = typeof encoding === "function" ? encoding : callback;
          if (typeof done === "function") queueMicrotask(() => done());
          return true;
        },
      });
    }
  }

  /** "Invoke Error" and "Uncaught Exception", as the runtime itself logs them. */
  failure(title: string, thrown: unknown): void {
    if (this.#options.format === "JSON") this.#line("ERROR", [thrown]);
    else this.#line("ERROR", [title, `\t${loggable(thrown)}`]);
  }

  #method(level: Level): (...values: unknown[]) => void {
    const least = LEVELS.indexOf((this.#options.level ?? "TRACE") as Level);
    const isKept = this.#options.format === "Text" || LEVELS.indexOf(level) >= least;
    return isKept ? (...values) => this.#line(level, values) : () => {};
  }

  #line(level: Level, values: readonly unknown[]): void {
    const at = this.#options.now();
    const timestamp = new Date(at).toISOString();
    const text =
      this.#options.format === "JSON"
        ? json(timestamp, level, this.requestId, values)
        : `${timestamp}\t${this.requestId ?? "undefined"}\t${level}\t${format(...values)}`;
    this.#options.write(at, text);
  }
}

function json(timestamp: string, level: Level, requestId: string | undefined, values: readonly unknown[]): string {
  const line = { timestamp, level, ...(requestId !== undefined && { requestId }) };
  if (values.length === 1) {
    try {
      return JSON.stringify({ ...line, message: values[0] }, (_name, value: unknown) =>
        value instanceof Error ? errorFields(value) : value,
      );
    } catch {
      return JSON.stringify({ ...line, message: format(values[0]) });
    }
  }
  const error = values.find((value) => value instanceof Error);
  return JSON.stringify({ ...line, message: format(...values), ...(error && errorFields(error)) });
}

function errorFields(error: Error): object {
  const { errorType, errorMessage, trace } = failureOf(error);
  return { ...error, errorType, errorMessage, stackTrace: trace };
}
