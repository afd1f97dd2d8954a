/** Tasks that wait for somebody to call SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat with their token. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { Json } from "../../../states/json.ts";

interface Waiting {
  readonly resolve: (output: Json) => void;
  readonly reject: (error: unknown) => void;
  readonly heartbeat: () => void;
}

export class TaskTokens {
  readonly #cloud: Cloud;
  readonly #waiting = new Map<string, Waiting>();
  /** Tokens that were given out, kept to tell late ones from invented ones. */
  readonly #known = new Set<string>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  create(): string {
    const token = Buffer.from(`states:${this.#cloud.uuid()}:${this.#cloud.uuid()}`).toString("base64");
    this.#known.add(token);
    return token;
  }

  /**
   * Resolves with the output somebody sends; rejects with their failure, or with the signal's reason. To be called before the
   * token is handed out: the answer may come sooner than the handing out ends.
   */
  wait(token: string, signal: AbortSignal, heartbeat: () => void): Promise<Json> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    this.#waiting.set(token, { resolve, reject, heartbeat });
    const abort = (): void => {
      this.forget(token);
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    return promise.finally(() => signal.removeEventListener("abort", abort));
  }

  /** The task is over without an answer. */
  forget(token: string): void {
    this.#waiting.delete(token);
  }

  succeed(token: string | undefined, output: Json): void {
    this.#take(token).resolve(output);
  }

  fail(token: string | undefined, error: string | undefined, cause: string | undefined): void {
    this.#take(token).reject(new StatesFailure(error, cause));
  }

  heartbeat(token: string | undefined): void {
    this.#find(token).heartbeat();
  }

  #take(token: string | undefined): Waiting {
    const waiting = this.#find(token);
    this.forget(token ?? "");
    return waiting;
  }

  #find(token = ""): Waiting {
    const waiting = this.#waiting.get(token);
    if (waiting) return waiting;
    if (this.#known.has(token))
      throw new ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
  }
}
