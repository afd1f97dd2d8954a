/**
 * Makes what is kept of a picture agree with what is last known of its original.
 *
 * An event only says: look. First it is noted where the picture stands, unless something later is known (`standings.ts`); then
 * every event, a late one or a duplicate too, brings the resolution into line with that note. Writes and removals are refused if
 * somebody else was faster, and after each one the note is read again. So a deletion that overtakes its upload leaves nothing
 * behind, and neither does a function that dies in between: its event comes again.
 */
import { Conflict } from "#shared/errors";
import type { Version } from "../picture/picture-event.ts";

/** What is last known of a picture. */
export interface Standing {
  readonly order: string;
  /** Undefined: it was removed. */
  readonly version: Version | undefined;
}

/** A resolution as it is kept. */
export interface Made {
  /** Of the standing that it was made for. */
  readonly order: string;
  /** Of the original that it was made of. */
  readonly sourceETag: string;
  /** How it was made: sizes and quality. */
  readonly recipe: string;
  /** Of itself. */
  readonly eTag: string;
}

export interface Keeper {
  standing(): Promise<Standing | undefined>;
  made(): Promise<Made | undefined>;
  /** Replaces `made`, unless it is not what is kept any more. "source gone" when there is nothing to make it of. */
  make(order: string, version: Version, made: Made | undefined): Promise<"done" | "source gone">;
  /** Removes `made`, unless it is not what is kept any more. */
  remove(made: Made): Promise<void>;
}

/** Others change the same picture again and again. */
export class PictureBusy extends Conflict {
  override readonly retryable = true;
}

export type Outcome = "made" | "removed" | "as it should be" | "source gone";

const MOST_ATTEMPTS = 10;

export async function agree(keeper: Keeper): Promise<Outcome> {
  let outcome: Outcome = "as it should be";
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    // In this order: a standing that is newer than the resolution only costs another look.
    const standing = await keeper.standing();
    const made = await keeper.made();
    if (!standing || (made && made.order >= standing.order)) return outcome;
    if (standing.version) {
      // Its removal is on the way as an event of its own.
      if ((await keeper.make(standing.order, standing.version, made)) === "source gone") return "source gone";
      outcome = "made";
    } else {
      if (!made) return outcome;
      await keeper.remove(made);
      outcome = "removed";
    }
  }
  throw new PictureBusy(`The picture changed ${MOST_ATTEMPTS} times meanwhile`);
}
