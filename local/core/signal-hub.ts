import type { SignalName, Signals, SignalTypes } from "./signals.ts";

type Listener = (value: never) => void;

/** Delivers a signal to its listeners at once, in the order of their subscription. */
export class SignalHub implements Signals {
  readonly #listeners = new Map<SignalName, Set<Listener>>();

  emit<N extends SignalName>(name: N, value: SignalTypes[N]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as (value: SignalTypes[N]) => void)(value);
  }

  on<N extends SignalName>(name: N, listener: (value: SignalTypes[N]) => void): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) this.#listeners.set(name, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}
