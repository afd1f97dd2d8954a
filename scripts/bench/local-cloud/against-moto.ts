/**
 * How long calls wait for the local cloud and for moto_server, in turns, so that what else the machine does hits both alike. What the
 * SDK's client itself does for a call (most of a millisecond) is the same for both and not counted.
 */
import { startMoto } from "./moto.ts";
import { OPERATIONS, type Work } from "./operations.ts";
import { type Server, startLocalCloud } from "./server.ts";

export interface Against {
  readonly operation: string;
  /** Milliseconds, the median of the rounds. */
  readonly localMs: number;
  readonly motoMs: number;
  /** How many times as long moto takes, the median of the rounds. */
  readonly ratio: number;
}

const ROUNDS = 7;
const ROUND_MS = 300;
/** Until V8 has compiled what is called often; Python has nothing of the kind, and waits as long. */
const WARM_UP_MS = 1_500;

/** Answers why not, where moto cannot be had. */
export async function measureAgainstMoto(): Promise<readonly Against[] | string> {
  const moto = await startMoto();
  if (typeof moto === "string") return moto;
  const local = await startLocalCloud();
  try {
    const figures: Against[] = [];
    for (const [operation, prepare] of Object.entries(OPERATIONS)) {
      const ours = repeated(local, await prepare(local));
      const theirs = repeated(moto, await prepare(moto));
      await ours(WARM_UP_MS);
      await theirs(WARM_UP_MS);
      const rounds: { local: number; moto: number }[] = [];
      for (let round = 0; round < ROUNDS; round++)
        rounds.push({ local: await ours(ROUND_MS), moto: await theirs(ROUND_MS) });
      figures.push({
        operation,
        localMs: median(rounds.map((round) => round.local)),
        motoMs: median(rounds.map((round) => round.moto)),
        ratio: median(rounds.map((round) => round.moto / round.local)),
      });
    }
    return figures;
  } finally {
    await Promise.all([local.stop(), moto.stop()]);
  }
}

/** Does the work for a while, at least once. Answers how long a single one waited, in ms: the median. */
function repeated(server: Server, { before, step, weight = 1 }: Work): (milliseconds: number) => Promise<number> {
  let turn = 0;
  return async (milliseconds) => {
    const end = performance.now() + milliseconds;
    const times: number[] = [];
    do {
      await before?.(turn);
      const waited = server.waited();
      await step(turn++);
      times.push((server.waited() - waited) / weight);
    } while (performance.now() < end);
    return median(times);
  };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
