/** The loop breaker: each result carries in its metadata how often it was processed, and one that was too often is put aside. */
import { AppError } from "#shared/errors";

/** S3 keeps names of user metadata in small letters. */
export const ROUNDS = "processing-rounds";

export type Metadata = Readonly<Record<string, string>>;

/** The object has been processed so often that its own result must have started the function. */
export class LoopDetected extends AppError<{ key: string; rounds: number }> {}

/** How often the object has been processed. What is no count, because somebody else wrote it, counts as never. */
export const roundsOf = (metadata: Metadata): number =>
  /^\d{1,9}$/.test(metadata[ROUNDS] ?? "") ? Number(metadata[ROUNDS]) : 0;

/** The metadata of the result. Throws LoopDetected when the object has been processed `most` times. */
export function withNextRound(key: string, metadata: Metadata, most: number): Metadata {
  const rounds = roundsOf(metadata);
  if (rounds >= most)
    throw new LoopDetected(`The object was processed ${rounds} times already, at most ${most} are allowed`, {
      key,
      rounds,
    });
  return { ...metadata, [ROUNDS]: String(rounds + 1) };
}
