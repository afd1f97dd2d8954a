/** How an app is used while it soaks. */
import type { LocalApp } from "../../local/testing.ts";

export interface Feed {
  readonly app: string;
  /** Template parameters beside their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Once, before anything fails on purpose. */
  begin?(app: LocalApp): Promise<void>;
  /** Hands in the work of an hour, through the app's own entry points, as somebody outside. */
  hour(app: LocalApp, hour: number): Promise<void>;
  /** After the last hour, when all is quiet. Answers what was not done, as the text by which it can be found among what was put aside. */
  undone(app: LocalApp, hours: number): Promise<readonly string[]>;
}

/** Repeats a request from outside, as a browser's user would, until it is answered well. */
export async function insist(ask: () => Promise<Response>): Promise<Record<string, unknown>> {
  for (let tries = 1; ; tries++) {
    const response = await ask();
    const body = await response.text();
    if (response.ok) return JSON.parse(body) as Record<string, unknown>;
    if (tries === 10) throw new Error(`HTTP ${response.status} ten times: ${body}`);
  }
}

export const hoursUpTo = (hours: number): number[] => Array.from({ length: hours }, (_, hour) => hour);
