/** The sample market: prices that look random and are the same for everybody who knows the seed. */
import { createHash } from "node:crypto";

export interface Moment {
  readonly seed: string;
  readonly symbol: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A price holds for so long. */
const TICK_MS = 60_000;
const HIGHEST = 100;

/** Whole units of the currency, 1 to 100. */
export function priceAt({ seed, symbol, now }: Moment): number {
  const tick = Math.floor(now / TICK_MS);
  const bytes = createHash("sha256")
    .update(JSON.stringify([seed, symbol, tick]))
    .digest();
  return 1 + (bytes.readUInt32BE(0) % HIGHEST);
}
