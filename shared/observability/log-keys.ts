/** Keys that every log line written within some piece of work carries, also when several pieces run at the same time. */
import { AsyncLocalStorage } from "node:async_hooks";

export type LogKeys = Readonly<Record<string, string | number | boolean | undefined>>;

const keys = new AsyncLocalStorage<LogKeys>();

/** Runs the work; its log lines carry these keys beside those of the work around it. */
export function withLogKeys<T>(more: LogKeys, work: () => T): T {
  return keys.run({ ...keys.getStore(), ...more }, work);
}

export function currentLogKeys(): LogKeys {
  return keys.getStore() ?? {};
}
