/** Puts virtual timers wherever a handler finds Node's: globals, `node:timers`, `node:timers/promises`, AbortSignal.timeout. */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";
import type { VirtualTimers } from "./virtual-timers.ts";

type Callback = (...values: unknown[]) => void;

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

export function installTimers(virtual: VirtualTimers): void {
  const { clearTimeout: clearReal } = globalThis;
  const setter =
    (repeats: boolean) =>
    (callback: Callback, delay?: number, ...values: unknown[]) =>
      virtual.set(typeof callback === "function" ? () => callback(...values) : callback, delay, repeats);
  const clear = (timer: NodeJS.Timeout | string | number | undefined): void => {
    // Timers of before, or of Node itself, are real ones.
    if (timer !== undefined && timer !== null && !virtual.clear(timer)) clearReal(timer);
  };

  const sleep = <T>(delay?: number, value?: T, options: WaitOptions = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) return reject(aborted(signal));
      const onAbort = (): void => {
        virtual.clear(timer);
        reject(aborted(signal));
      };
      const timer = virtual.set(
        () => {
          signal?.removeEventListener("abort", onAbort);
          // Without a value the promise answers undefined.
          resolve(value as T);
        },
        delay,
        false,
      );
      if (options.ref === false) timer.unref();
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  async function* ticks<T>(delay?: number, value?: T, options?: WaitOptions): AsyncGenerator<T> {
    for (;;) yield await sleep(delay, value, options);
  }

  const setTimeout = Object.assign(setter(false), { [promisify.custom]: sleep });
  const replacements = { setTimeout, setInterval: setter(true), clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, replacements);
  Object.assign(timers, replacements);
  Object.assign(promises, { setTimeout: sleep, setInterval: ticks });
  Object.assign(promises.scheduler, {
    wait: (delay: number, options?: WaitOptions) => sleep(delay, undefined, options),
  });
  syncBuiltinESMExports();

  AbortSignal.timeout = (delay) => {
    const controller = new AbortController();
    const error = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");
    // Node does not stay alive for it; a handler may wait for it all the same.
    virtual.set(() => controller.abort(error()), delay, false);
    return controller.signal;
  };
}

const aborted = (signal: AbortSignal | undefined): Error =>
  Object.assign(new Error("The operation was aborted", { cause: signal?.reason }), {
    name: "AbortError",
    code: "ABORT_ERR",
  });

/** Real time goes by between two jumps of the virtual one: elapsed times count both, and never go back. */
export function installPerformanceNow(now: () => number): void {
  const start = now();
  const real = performance.now.bind(performance);
  performance.now = () => real() + now() - start;
}
