/**
 * Whether anything has happened since a page last looked. Pages ask every second; only when the answer differs do they read again,
 * so an idle cloud costs nothing and the console's own reading does not fill the list of recent calls.
 */
import type { LocalCloud } from "../cloud.ts";
import type { CallRecord } from "../core/dispatcher.ts";
import type { SignalName } from "../core/signals.ts";
import type { Stacks } from "../template/stacks.ts";

const TELLING: readonly SignalName[] = [
  "sqs.available",
  "dynamodb.records",
  "cloudwatch.datapoint",
  "logs.events",
  "states.execution",
  "lambda.invoked",
  "outbox.message",
];

export class Changes {
  readonly #cloud: LocalCloud;
  readonly #stacks: Stacks;
  readonly #own = new WeakSet<CallRecord>();
  #count = 0;
  #lastCall: CallRecord | undefined;

  constructor(cloud: LocalCloud, stacks: Stacks) {
    this.#cloud = cloud;
    this.#stacks = stacks;
    for (const name of TELLING) cloud.signals.on(name, () => void this.#count++);
  }

  /** Changes when something has happened that a page may show. */
  version(): string {
    const { recent } = this.#cloud.dispatcher;
    for (let i = recent.length - 1; i >= 0; i--) {
      const record = recent[i];
      if (record === undefined || record === this.#lastCall) break;
      if (this.#own.has(record)) continue;
      this.#count++;
      break;
    }
    this.#lastCall = recent.at(-1);
    const stacks = this.#stacks.list().map(({ name, status, updatedAt }) => `${name} ${status} ${updatedAt ?? 0}`);
    return `${this.#count}-${hash(stacks.join("\n"))}`;
  }

  /** A call that the console made to show something has just been answered: it is nobody's business. */
  conceal(service: string, operation: string): void {
    const { recent } = this.#cloud.dispatcher;
    // Of several like it within one turn of the event loop any will do: they differ in nothing that is shown.
    const record = recent.findLast(
      (call) =>
        call.service === service && call.operation === operation && call.caller === "account" && !this.#own.has(call),
    );
    if (record) this.#own.add(record);
  }

  /** The latest calls of others, newest first. */
  calls(most: number, isWanted: (call: CallRecord) => boolean = () => true): readonly CallRecord[] {
    const { recent } = this.#cloud.dispatcher;
    const found: CallRecord[] = [];
    for (let i = recent.length - 1; i >= 0 && found.length < most; i--) {
      const record = recent[i];
      if (record && !this.#own.has(record) && isWanted(record)) found.push(record);
    }
    return found;
  }
}

/** FNV-1a: short and fast; it only tells apart. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36);
}
