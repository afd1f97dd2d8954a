/** Hands one kind of work to an app, anew every hour, each piece a step an hour. */
import type { LocalApp } from "../../local/testing.ts";
import type { Task } from "../../local/testing/work.ts";

interface Piece {
  readonly id: string;
  /** How many steps were taken. */
  taken: number;
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
      for (const piece of this.#pieces) await this.#goOn(piece);
      await this.#app.settle();
    }
    for (const { id } of again ? this.#pieces : []) {
      await again?.(this.#app, id);
      // One at a time: a queue, for instance, has one task that moves its messages.
      await this.#app.settle();
    }
  }

  /** What was not done, and why. */
  async undone(): Promise<string[]> {
    const undone: string[] = [];
    for (const { id } of this.#pieces) {
      // Whoever asks an API so often is told to slow down.
      await this.#app.advance(1);
      try {
        await this.#task.done(this.#app, id);
      } catch (error) {
        undone.push(
          `${this.#app.name}: ${this.#title}, ${id}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return undone;
  }

  /** Takes the next step. What is refused is handed in again an hour later. */
  async #goOn(piece: Piece): Promise<void> {
    const step = this.#task.steps[piece.taken];
    if (!step) return;
    try {
      await step(this.#app, piece.id);
      piece.taken += 1;
    } catch {
      // Told to who handed it in, who comes again.
    }
  }
}
