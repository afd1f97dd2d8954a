/** Hands one kind of work to an app, anew every hour, each piece a step an hour. */
import type { LocalApp } from "../../local/testing.ts";
import type { Step, Task } from "../../local/testing/work.ts";

/** Whoever asks an API for many things at once is told to slow down. */
const PAUSE_SECONDS = 1;

interface Piece {
  readonly id: string;
  /** How many steps were taken. */
  taken: number;
  /** Why the last thing that was tried for it from outside failed. */
  refusal?: unknown;
}

export class Feed {
  readonly #app: LocalApp;
  readonly #title: string;
  readonly #task: Task;
  readonly #nextId: () => string;
  readonly #pieces: Piece[] = [];

  /** Ids are not shared with other tasks of the app. */
  constructor(app: LocalApp, title: string, task: Task, nextId: () => string) {
    this.#app = app;
    this.#title = title;
    this.#task = task;
    this.#nextId = nextId;
  }

  get handedIn(): number {
    return this.#pieces.length;
  }

  async hour(): Promise<void> {
    this.#pieces.push({ id: this.#nextId(), taken: 0 });
    for (const piece of this.#pieces) await this.#goOn(piece);
  }

  /** When nothing fails any more: does what is still to be done from outside. */
  async finish(): Promise<void> {
    const { again, steps } = this.#task;
    for (let rest = 0; rest < steps.length; rest++) {
      for (const piece of this.#pieces) {
        await this.#app.advance(PAUSE_SECONDS);
        await this.#goOn(piece);
      }
      await this.#app.settle();
    }
    if (!again) return;
    for (const piece of this.#pieces) {
      if (piece.refusal === undefined) await this.#attempt(piece, again);
      // One at a time: a queue, for instance, has one task that moves its messages.
      await this.#app.settle();
    }
  }

  /** What was not done, or could not be handed in even when nothing failed any more, and why. */
  async undone(): Promise<string[]> {
    const undone: string[] = [];
    for (const piece of this.#pieces) {
      await this.#app.advance(PAUSE_SECONDS);
      if (piece.refusal === undefined) await this.#attempt(piece, this.#task.done);
      const { id, refusal } = piece;
      if (refusal === undefined) continue;
      const why = refusal instanceof Error ? refusal.message : String(refusal);
      undone.push(`${this.#app.name}: ${this.#title}, ${id}: ${why}`);
    }
    return undone;
  }

  /** Takes the next step. What is refused is handed in again an hour later, and at the end once more. */
  async #goOn(piece: Piece): Promise<void> {
    const step = this.#task.steps[piece.taken];
    if (step && (await this.#attempt(piece, step))) piece.taken += 1;
  }

  /** Answers whether it went well, and keeps what went wrong with the piece. */
  async #attempt(piece: Piece, step: Step): Promise<boolean> {
    try {
      await step(this.#app, piece.id);
      piece.refusal = undefined;
      return true;
    } catch (error) {
      piece.refusal = error;
      return false;
    }
  }
}
