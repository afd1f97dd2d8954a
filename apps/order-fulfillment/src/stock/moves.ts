/**
 * How a line moves through the warehouse, and what that does to the stock. Where the goods of a line are counted follows from its
 * status, so that whatever moves, nothing appears and nothing gets lost.
 */
import type { Line } from "../order/order.ts";

export const STATUSES = ["PENDING", "LOCKED", "PULLED", "PACKED", "RELEASED", "CANCELLED"] as const;
export type Status = (typeof STATUSES)[number];
export type Place = "available" | "locked" | "packed";

/** Where a line stands. */
export interface Standing {
  readonly status: Status;
  /** The attempt in which it was last worked on, from 1. */
  readonly round: number;
}

export interface Move {
  readonly line: Line;
  /** Undefined where the line was never touched. */
  readonly from: Status | undefined;
  readonly to: Status;
}

export function placeOf(status: Status | undefined): Place {
  if (status === "LOCKED" || status === "PULLED") return "locked";
  return status === "PACKED" ? "packed" : "available";
}

export type Change = Readonly<Record<Place, number>>;

/** What moves do to each article's stock; articles whose stock stays as it is are left out. The three numbers add up to zero. */
export function stockChanges(moves: readonly Move[]): ReadonlyMap<string, Change> {
  const changes = new Map<string, Record<Place, number>>();
  for (const { line, from, to } of moves) {
    if (placeOf(from) === placeOf(to)) continue;
    const change = changes.get(line.sku) ?? { available: 0, locked: 0, packed: 0 };
    change[placeOf(from)] -= line.quantity;
    change[placeOf(to)] += line.quantity;
    changes.set(line.sku, change);
  }
  return changes;
}

/** A transaction holds at most so many actions (TransactWriteItems, DynamoDB API Reference). */
const MOST_ACTIONS = 100;

/** Parts that fit into one transaction each: an action for each line and one for each article. */
export function transactionsOf(moves: readonly Move[]): readonly (readonly Move[])[] {
  const parts: Move[][] = [];
  let part: Move[] = [];
  let articles = new Set<string>();
  for (const move of moves) {
    const isShift = placeOf(move.from) !== placeOf(move.to);
    const more = 1 + (isShift && !articles.has(move.line.sku) ? 1 : 0);
    if (part.length + articles.size + more > MOST_ACTIONS) {
      parts.push(part);
      part = [];
      articles = new Set();
    }
    part.push(move);
    if (isShift) articles.add(move.line.sku);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** What is open of an order when it ends: everything but packed lines that were paid. */
export function isOpen({ status, round }: Standing, paidRounds: readonly number[]): boolean {
  if (status === "PACKED") return !paidRounds.includes(round);
  return status === "PENDING" || status === "LOCKED" || status === "PULLED";
}
