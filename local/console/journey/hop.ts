/** One step of an event's way: a call that hands something on, a run of a function, or another call made on the way. */

export interface Target {
  readonly kind:
    "object" | "queue" | "topic" | "bus" | "function" | "machine" | "execution" | "mail" | "table" | "other";
  /** Name of a queue, topic, bus, function, table; ARN of a machine or execution; id of a mail; bucket of an object. */
  readonly name: string;
  /** Of an object. */
  readonly key?: string;
}

/** What a call means for the way of an event. */
export interface Meaning {
  readonly target: Target;
  /** What is handed on, as text: ids in it lead back to where it came from. */
  readonly content: string;
  /** In a few words: a key, the type of an event, the path of a request. */
  readonly says?: string;
  /** Ids that the answer tells: of messages, events, executions. */
  produced?(output: unknown): readonly string[];
  /** The target, when only the answer tells it. */
  ended?(output: unknown): Target | undefined;
}

export interface Hop {
  /** Counts up. */
  readonly order: number;
  /** `detail`: a call that hands nothing on, such as reading an item. */
  readonly kind: "call" | "run" | "detail";
  /** Epoch ms. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  /** `account`, a function, an execution, `s3.amazonaws.com`. */
  readonly by: string;
  /** For what a service does this: a rule, a topic, a bucket. */
  readonly via: string | undefined;
  readonly trace: string | undefined;
  readonly requestId: string;
  target: Target;
  readonly says: string | undefined;
  /** The beginning of what was handed on. */
  readonly content: string;
  readonly mentions: ReadonlySet<string>;
  produces: readonly string[];
  endedAt: number | undefined;
  error: string | undefined;
  /** Of an execution. */
  status: string | undefined;
}
