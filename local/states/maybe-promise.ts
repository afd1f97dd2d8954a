/** Work that is mostly synchronous: a promise is made only where something has to be waited for. */

export type MaybePromise<T> = T | Promise<T>;

export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> => value instanceof Promise;

/** `continueWith(value)`, at once where the value is there. Throws or rejects with what either does. */
export const chain = <T, U>(value: MaybePromise<T>, continueWith: (value: T) => MaybePromise<U>): MaybePromise<U> =>
  isPromise(value) ? value.then(continueWith) : continueWith(value);

/** All values in order, waiting only when one of them is not there yet. */
export function all<T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> {
  const ready: T[] = [];
  for (const value of values) {
    if (isPromise(value)) return Promise.all(values);
    ready.push(value);
  }
  return ready;
}
