/** What an app takes in from outside, and how one tells that it was done: for `outages()` and for `npm run soak`. */
import type { LocalApp } from "./local-app.ts";

/** Does something as somebody outside does it. What throws was not taken, and who handed it in knows: it is done once more. */
export type Step = (app: LocalApp, id: string) => Promise<void>;

export interface Task {
  /** One after the other, the app at rest in between. */
  readonly steps: readonly [Step, ...Step[]];
  /** Throws unless all that should be done was done, and nothing twice that must not be. */
  readonly done: (app: LocalApp, id: string) => Promise<void>;
  /** Throws when something is to be seen that must never be, at whatever moment: half a result, a success that is none. */
  readonly sound?: (app: LocalApp, id: string) => Promise<void>;
  /** What was refused is handed in again before the app is at rest: whoever waits until then is too late, as for a review with a deadline. */
  readonly isUrgent?: boolean;
  /** What the README says to do, where redriving does not help, once a dependency is there again. */
  readonly again?: (app: LocalApp, id: string) => Promise<void>;
}

export interface Work {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Once, before anything is handed in. */
  begin?(app: LocalApp): Promise<void>;
  /** The most telling first: a call fails in the first that makes it. */
  readonly tasks: Readonly<Record<string, Task>>;
}
