/** What a warehouse does with the lines of an order. Each step may be repeated: it finds what it has done before. */
import { AppError } from "#shared/errors";
import type { Line } from "../order/order.ts";
import { LinesMoved, move, rowsOf, standingOf } from "./line-store.ts";
import { isOpen, type Move, type Standing, type Status, transactionsOf } from "./moves.ts";

/** A line of an order that has ended, or that is not as far as this step needs it. No retry helps. */
export class LineNotReady extends AppError<{ orderId: string; lineId: string; status: string }> {}

interface Batch {
  readonly orderId: string;
  readonly round: number;
  readonly lines: readonly Line[];
}
interface Locked {
  readonly locked: readonly Line[];
  readonly pending: readonly Line[];
}
/** By line id; lines that were never touched are missing. */
type Standings = ReadonlyMap<string, Standing>;

/** Locks what is there and marks the rest as pending. A lock that an earlier try took is found again. */
export const lockLines = (batch: Batch, now: Date): Promise<Locked> =>
  unlessRepeated(batch, batch.round === 1 ? undefined : "PENDING", (standing) => lockFrom(batch, standing, now));

async function lockFrom({ orderId, round, lines }: Batch, standing: Standings, now: Date): Promise<Locked> {
  const isMine = (line: Line): boolean => isDone(standing.get(line.lineId), round, ["LOCKED", "PULLED", "PACKED"]);
  const open = lines.filter((line) => !isMine(line));
  for (const line of open) need(orderId, line, standing.get(line.lineId), [undefined, "PENDING"]);
  const from = (line: Line): Status | undefined => standing.get(line.lineId)?.status;
  const short = new Set(
    await lock(
      orderId,
      round,
      open.map((line) => ({ line, from: from(line), to: "LOCKED" })),
      now,
    ),
  );
  const pending = open.filter((line) => short.has(line));
  const newlyPending = pending.filter((line) => from(line) !== "PENDING");
  await moveAll(
    orderId,
    round,
    newlyPending.map((line) => ({ line, from: from(line), to: "PENDING" })),
    now,
  );
  return { locked: lines.filter((line) => !short.has(line)), pending };
}

/** Locks as many lines as there is stock for, earlier lines first; answers the others. */
async function lock(orderId: string, round: number, moves: readonly Move[], now: Date): Promise<readonly Line[]> {
  const left: Line[] = [];
  for (const part of transactionsOf(moves)) {
    const short = await move(orderId, round, part, now);
    if (short.size === 0) continue;
    // The articles that are there in one go; of one that is scarce, line by line.
    left.push(
      ...(await lock(
        orderId,
        round,
        part.filter(({ line }) => !short.has(line.sku)),
        now,
      )),
    );
    for (const sku of short) {
      const scarce = part.filter(({ line }) => line.sku === sku);
      const [only] = scarce;
      if (only && scarce.length === 1) left.push(only.line);
      else for (const one of scarce) left.push(...(await lock(orderId, round, [one], now)));
    }
  }
  return left;
}

/** Takes locked lines from their shelves. */
export const pullLines = (batch: Batch, now: Date): Promise<void> =>
  advance(batch, "LOCKED", "PULLED", ["PACKED"], now);

/** Packs pulled lines: from now on they are no longer in the stock. */
export const packLines = (batch: Batch, now: Date): Promise<void> => advance(batch, "PULLED", "PACKED", [], now);

function advance(batch: Batch, from: Status, to: Status, further: readonly Status[], now: Date): Promise<void> {
  const { orderId, round, lines } = batch;
  return unlessRepeated(batch, from, async (standing) => {
    const open = lines.filter((line) => !isDone(standing.get(line.lineId), round, [to, ...further]));
    for (const line of open) need(orderId, line, standing.get(line.lineId), [from]);
    await moveAll(
      orderId,
      round,
      open.map((line) => ({ line, from, to })),
      now,
    );
  });
}

/**
 * Does a step with all lines where the step before it leaves them, which the writes themselves make sure of. Only when a line is
 * elsewhere, because the step is repeated or the order has ended, it is read where each of them stands.
 */
async function unlessRepeated<T>(
  { orderId, round, lines }: Batch,
  expected: Status | undefined,
  step: (standing: Standings) => Promise<T>,
): Promise<T> {
  try {
    return await step(
      new Map(expected === undefined ? [] : lines.map(({ lineId }) => [lineId, { status: expected, round }])),
    );
  } catch (error) {
    if (!(error instanceof LinesMoved)) throw error;
    return step(await standingOf(orderId, lines));
  }
}

/** Gives back whatever of an order is neither packed and paid nor ended, and answers how many lines that were. */
export async function releaseLines(
  orderId: string,
  paidRounds: readonly number[],
  to: "RELEASED" | "CANCELLED",
  now: Date,
): Promise<number> {
  let released = 0;
  for await (const rows of rowsOf(orderId)) {
    const open = rows.filter((row) => isOpen(row, paidRounds));
    for (const round of new Set(open.map((row) => row.round))) {
      const moves = open
        .filter((row) => row.round === round)
        .map(({ status, round: _round, ...line }): Move => ({ line, from: status, to }));
      await moveAll(orderId, round, moves, now);
    }
    released += open.length;
  }
  return released;
}

/** Moves that cannot lack stock: they give back, or take what this order has locked. */
async function moveAll(orderId: string, round: number, moves: readonly Move[], now: Date): Promise<void> {
  for (const part of transactionsOf(moves)) {
    const short = await move(orderId, round, part, now);
    if (short.size > 0) throw new Error(`The books of ${[...short].join(", ")} do not balance with order ${orderId}`);
  }
}

const isDone = (standing: Standing | undefined, round: number, statuses: readonly Status[]): boolean =>
  standing !== undefined && standing.round === round && statuses.includes(standing.status);

function need(
  orderId: string,
  { lineId }: Line,
  standing: Standing | undefined,
  statuses: readonly (Status | undefined)[],
): void {
  if (statuses.includes(standing?.status)) return;
  const status = standing?.status ?? "untouched";
  throw new LineNotReady(`Line ${lineId} of order ${orderId} is ${status}`, { orderId, lineId, status });
}
