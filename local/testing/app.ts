/** What a scenario asks of an app, wherever it is deployed. */

import type { Message } from "@aws-sdk/client-sqs";

export interface LogLine {
  /** ISO 8601. */
  readonly timestamp: string;
  readonly message: string;
  /** The line as an object where it is JSON, as the middleware writes it. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface App {
  readonly name: string;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The physical id of a resource: what `!Ref` answers. Throws for an unknown logical id. */
  resource(logicalId: string): string;
  /** An SDK client that reaches the app as the account itself. */
  client<C>(
    Client: new (config: Readonly<Record<string, unknown>>) => C,
    config?: Readonly<Record<string, unknown>>,
  ): C;
  /** Invokes a function and waits for its answer. Throws FunctionFailed when the function threw. */
  invoke(logicalId: string, event: unknown): Promise<unknown>;
  /** Takes all visible messages out of a queue, dead-letter queues for instance, with their attributes. */
  messages(logicalId: string): Promise<Message[]>;
  /** What a function has logged so far, oldest first. */
  logs(logicalId: string): Promise<LogLine[]>;
  /** Repeats a check, letting time pass in between, until it neither throws nor answers undefined or false. */
  eventually<T>(
    check: () => Promise<T | undefined | false> | T | undefined | false,
    withinSeconds?: number,
  ): Promise<T>;
  /** Lets time pass: virtual seconds locally, real ones in an account. */
  advance(seconds: number): Promise<void>;
  /** Waits until nothing is left to do. Schedules and expiry do not count. */
  settle(): Promise<void>;
}

/** A function threw: the name and message are those of its error. */
export class FunctionFailed extends Error {
  readonly trace: readonly string[];
  constructor(payload: {
    readonly errorType?: string;
    readonly errorMessage?: string;
    readonly trace?: readonly string[];
  }) {
    super(payload.errorMessage ?? "The function failed");
    this.name = payload.errorType ?? "Error";
    this.trace = payload.trace ?? [];
  }
}
