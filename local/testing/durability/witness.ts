/** Who puts load on a cloud, remembers what was acknowledged, and looks whether it is still there after the cloud was killed. */
import type { KillableCloud } from "./killable-cloud.ts";

export interface Witness {
  /** Makes what it needs, once. */
  setUp(cloud: KillableCloud): Promise<void>;
  /** Works step by step until a call fails, because the cloud is gone. `round` makes names unique. */
  load(cloud: KillableCloud, round: number): Promise<void>;
  /** Straight after a restart. Answers what is wrong, in words. */
  look?(cloud: KillableCloud): Promise<readonly string[]>;
  /** After the last restart, when everything has had time to come to its end. Answers what is wrong, in words. */
  conclude?(cloud: KillableCloud): Promise<readonly string[]>;
  /** How much was acknowledged in all. */
  readonly acknowledged: number;
}

/** The account that the local cloud has. */
export const ACCOUNT_ID = "123456789012";

/** Repeats a step until it throws: the cloud was killed. */
export async function untilKilled(step: (turn: number) => Promise<void>): Promise<void> {
  try {
    for (let turn = 0; ; turn++) await step(turn);
  } catch (error) {
    if (!isHangUp(error)) throw error;
  }
}

const isHangUp = (error: unknown): boolean =>
  error instanceof Error &&
  /ECONNRESET|ECONNREFUSED|EPIPE|socket hang up|aborted/i.test(
    `${String(error)} ${"code" in error ? String(error.code) : ""}`,
  );

/** Waits, in real time, until the condition holds. Answers whether it did. */
export async function holdsWithin(milliseconds: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + milliseconds;
  do {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (Date.now() < end);
  return false;
}
