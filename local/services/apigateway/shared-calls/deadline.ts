import type { Clock } from "../../../core/clock.ts";

/** The work's outcome, or an error of the caller's making when it takes longer. The work itself goes on unheeded. */
export function withDeadline<T>(clock: Clock, milliseconds: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}
