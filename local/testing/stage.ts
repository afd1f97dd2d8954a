/** The stage on which an app's demo shows itself to a person. */
import type { LocalApp } from "./local-app.ts";

export interface Stage {
  readonly app: LocalApp;
  /** What goes in: a title, and lines below it. */
  input(title: string, lines?: string | readonly string[]): void;
  /** Something that happens on the way. */
  step(text: string): void;
  /** The functions that ran and the states that were passed since the last call, as the cloud recorded them. */
  path(): Promise<void>;
  /** What came out. */
  result(title: string, lines?: string | readonly string[]): void;
  /** Leaves a file in `.demo/<app>/`; answers its path from the repository's root. */
  file(name: string, bytes: Uint8Array | string): string;
  /** A moving line while something takes long. */
  progress(text: string): void;
  /** The demo fails with this sentence unless it holds. */
  check(claim: string, holds: boolean): void;
  /** Colour, where the terminal has it. */
  paint(style: "green" | "red" | "yellow" | "cyan" | "bold" | "dim", text: string): string;
}

/** `apps/<app>/demo.ts` exports one as its default. */
export type Demo = (stage: Stage) => Promise<void>;
