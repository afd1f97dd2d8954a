/** The functions Step Functions adds to JSONata, and those of JSONata that must follow the engine's clock and randomness. */
import jsonata from "jsonata";
import { digest, ALGORITHM_NAMES } from "../intrinsics/hashing.ts";
import { seeded } from "../intrinsics/seeded.ts";
import type { Host } from "../host.ts";

/** $range makes at most this many items, as JSONata's own sequences do (`[1..1e7]` fails likewise). */
const MAX_RANGE = 1_000_000;

/** What a function throws reaches the caller of the expression as its message. */
const fail = (message: string): never => {
  throw new Error(message);
};

const partition = (list: unknown, size: unknown): unknown => {
  if (list === undefined) return undefined;
  if (typeof size !== "number" || size < 1) return fail("$partition needs a positive chunk size");
  const items: unknown[] = Array.isArray(list) ? list : [list];
  const width = Math.floor(size);
  return Array.from({ length: Math.ceil(items.length / width) }, (_, index) =>
    items.slice(index * width, (index + 1) * width),
  );
};

const range = (first: unknown, last: unknown, step: unknown): unknown => {
  if (typeof first !== "number" || typeof last !== "number" || typeof step !== "number")
    return fail("$range takes three numbers: first, last and step");
  if (step === 0) return fail("the step of $range must not be 0");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) return fail(`$range makes at most ${MAX_RANGE} items`);
  return Array.from({ length }, (_, index) => first + index * step);
};

const hash = (data: unknown, algorithm: unknown): unknown => {
  if (data === undefined) return undefined;
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return digest(text, String(algorithm)) ?? fail(`$hash knows ${ALGORITHM_NAMES}, not ${String(algorithm)}`);
};

const parse = (text: unknown): unknown => {
  if (text === undefined) return undefined;
  if (typeof text !== "string") return fail("$parse takes a string");
  return JSON.parse(text);
};

/** Adds what is the same for every execution. `$eval` would run text from data as code: Step Functions has it not. */
export function registerFunctions(expression: jsonata.Expression): void {
  expression.registerFunction("partition", partition);
  expression.registerFunction("range", range);
  expression.registerFunction("hash", hash);
  expression.registerFunction("parse", parse);
  expression.registerFunction("eval", () => fail("$eval is not supported; use $parse"));
}

const formatted = jsonata("$fromMillis($moment, $picture, $timezone)");

const perHost = new WeakMap<Host, Readonly<Record<string, unknown>>>();

/** Bindings for what depends on the world: $uuid, $random, $now, $millis. */
export function hostFunctions(host: Host): Readonly<Record<string, unknown>> {
  const known = perHost.get(host);
  if (known) return known;
  const functions = {
    uuid: () => host.uuid(),
    random: (seed?: unknown) => (typeof seed === "number" ? seeded(seed) : host.random()),
    millis: () => host.now(),
    now: (picture?: unknown, timezone?: unknown) =>
      picture === undefined
        ? new Date(host.now()).toISOString()
        : formatted.evaluate(undefined, { moment: host.now(), picture, timezone }),
  };
  perHost.set(host, functions);
  return functions;
}
