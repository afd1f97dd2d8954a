/**
 * Who is working. Virtual time stands still while any scope is active.
 *
 * Scopes nest along the asynchronous context: a scope that waits for an inner one (a call made within a call) or for time
 * itself is not active meanwhile. So a chain such as execution -> function -> long poll holds time only where it computes.
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Told when a scope begins to wait (1) and when it goes on (-1). */
export type OnWaiting = (delta: 1 | -1) => void;

class Scope {
  readonly label: string;
  readonly parent: Scope | undefined;
  readonly onWaiting: OnWaiting | undefined;
  waits = 0;
  ended = false;
  constructor(label: string, parent?: Scope, onWaiting?: OnWaiting) {
    this.label = label;
    this.parent = parent;
    this.onWaiting = onWaiting;
  }
}

export class HoldScopes {
  readonly #context = new AsyncLocalStorage<Scope>();
  readonly #active = new Set<Scope>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#active.size;
  }

  /** What holds time at the moment, for messages. */
  labels(): string[] {
    return [...this.#active].map((scope) => scope.label);
  }

  /** A scope that ends by a call, apart from any asynchronous context. */
  open(label: string): () => void {
    const scope = new Scope(label);
    this.#active.add(scope);
    return () => this.#end(scope);
  }

  /** Runs work in a scope of its own; the enclosing scope waits meanwhile. */
  async run<T>(label: string, work: () => Promise<T> | T, onWaiting?: OnWaiting): Promise<T> {
    const parent = this.#context.getStore();
    const scope = new Scope(label, parent?.ended ? undefined : parent, onWaiting);
    this.#active.add(scope);
    if (scope.parent) this.#wait(scope.parent);
    try {
      return await this.#context.run(scope, work);
    } finally {
      if (scope.parent) this.#resume(scope.parent);
      this.#end(scope);
    }
  }

  /** Runs work in a scope that nobody waits for. */
  async runDetached<T>(label: string, work: () => Promise<T> | T): Promise<T> {
    return this.#context.exit(() => this.run(label, work));
  }

  /** Waits for something that time will bring about: the enclosing scope is not active meanwhile. */
  async whileWaiting<T>(promise: Promise<T>): Promise<T> {
    const scope = this.#context.getStore();
    if (!scope || scope.ended) return promise;
    this.#wait(scope);
    try {
      return await promise;
    } finally {
      this.#resume(scope);
    }
  }

  #wait(scope: Scope): void {
    scope.waits++;
    if (scope.waits === 1) scope.onWaiting?.(1);
    if (this.#active.delete(scope)) this.#onChange();
  }

  #resume(scope: Scope): void {
    scope.waits--;
    if (scope.waits > 0) return;
    if (!scope.ended) this.#active.add(scope);
    scope.onWaiting?.(-1);
  }

  #end(scope: Scope): void {
    scope.ended = true;
    if (this.#active.delete(scope)) this.#onChange();
  }
}
