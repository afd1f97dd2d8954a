/** Workflow variables. Map iterations and Parallel branches read those outside them and keep their own. */
import { member, put, type Json, type JsonObject } from "./json.ts";

export class Scope {
  readonly #outer: Scope | undefined;
  #own: Record<string, Json> = {};
  #flat: JsonObject | undefined;

  constructor(outer?: Scope, own: JsonObject = {}) {
    this.#outer = outer;
    this.assign(own);
  }

  get(name: string): Json | undefined {
    return member(this.#own, name) ?? this.#outer?.get(name);
  }

  /** Takes effect at once: evaluate everything first, then assign. */
  assign(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) put(this.#own, name, value);
    this.#flat = undefined;
  }

  /** Every variable that is visible here. */
  get visible(): JsonObject {
    if (!this.#outer) return this.#own;
    return (this.#flat ??= { ...this.#outer.visible, ...this.#own });
  }

  /** The variables of this scope alone, to be kept over a restart. */
  get own(): JsonObject {
    return this.#own;
  }
}
