/** Shard iterators: where a reader is within a stream. They hold no state on this side and are good for 15 minutes. */
import { ServiceError } from "../../core/errors.ts";

export interface ShardIterator {
  readonly streamArn: string;
  /** The number of the record to read next. */
  readonly next: number;
  /** Epoch ms. */
  readonly issuedAt: number;
}

/** "A shard iterator expires 15 minutes after it is retrieved using the GetShardIterator action." */
const LIFE = 15 * 60 * 1000;

/** A virtual clock may stand between two milliseconds, after a wait with jitter. */
export const writeIterator = ({ streamArn, next, issuedAt }: ShardIterator): string =>
  `${streamArn}|1|${Buffer.from(JSON.stringify([next, Math.floor(issuedAt)])).toString("base64")}`;

/** Throws ValidationException and ExpiredIteratorException. */
export function readIterator(text: string, now: number): ShardIterator {
  const [streamArn = "", version, position = ""] = text.split("|");
  const [next, issuedAt] = numbersIn(Buffer.from(position, "base64").toString());
  if (version !== "1" || next === undefined || issuedAt === undefined) {
    throw new ServiceError("ValidationException", "Invalid ShardIterator");
  }
  if (now > issuedAt + LIFE) {
    throw new ServiceError(
      "ExpiredIteratorException",
      "Shard iterator has expired: it was requested more than 15 minutes ago",
    );
  }
  return { streamArn, next, issuedAt };
}

function numbersIn(text: string): number[] {
  const match = /^\[(\d+),(\d+)\]$/.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : [];
}
