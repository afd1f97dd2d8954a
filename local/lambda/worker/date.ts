/** `Date` by the cloud's clock. */

const RealDate = Date;

/** The time of the cloud, epoch ms. */
export const cloudNow = (clock: BigInt64Array): number =>
  Number(Atomics.load(clock, 1)) + (Atomics.load(clock, 0) === 1n ? 0 : RealDate.now());

/** Replaces the global Date. Its instances are ordinary dates, and everything but "now" is as before. */
export function installDate(clock: BigInt64Array): void {
  const now = () => cloudNow(clock);
  const replacement: DateConstructor = new Proxy(RealDate, {
    construct: (target, values: unknown[], newTarget): object =>
      Reflect.construct(
        target,
        values.length === 0 ? [now()] : values,
        newTarget === replacement ? target : newTarget,
      ) as object,
    // Date() without `new` answers a text and ignores its arguments (ECMA-262, "The Date Constructor").
    apply: () => new RealDate(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  Object.defineProperty(RealDate.prototype, "constructor", { value: replacement, writable: true, configurable: true });
  globalThis.Date = replacement;
}
