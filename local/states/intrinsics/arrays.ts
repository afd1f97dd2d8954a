/** States.Array, ArrayPartition, ArrayContains, ArrayRange, ArrayGetItem, ArrayLength, ArrayUnique. */
import { integerAt, listAt } from "./arguments.ts";
import { IntrinsicProblem, type IntrinsicFunction } from "./function.ts";
import { equal, isArray, isObject, type Json } from "../json.ts";

/** States.ArrayRange makes at most this many items (Intrinsics, Step Functions developer guide). */
const MAX_RANGE = 1000;

/** Chunks of `size`; the last one may be shorter. */
function partition(args: readonly Json[]): Json {
  const list = listAt(args, 0, "States.ArrayPartition");
  const size = integerAt(args, 1, "States.ArrayPartition");
  if (size < 1) throw new IntrinsicProblem("the chunk size of States.ArrayPartition must be a positive integer");
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

/** From first to last, both included where the step meets them. */
function range(args: readonly Json[]): Json {
  const [first, last, step] = [0, 1, 2].map((position) => integerAt(args, position, "States.ArrayRange"));
  if (first === undefined || last === undefined || step === undefined || step === 0)
    throw new IntrinsicProblem("the step of States.ArrayRange must not be 0");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE)
    throw new IntrinsicProblem(`States.ArrayRange makes at most ${MAX_RANGE} items, not ${length}`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function getItem(args: readonly Json[]): Json {
  const list = listAt(args, 0, "States.ArrayGetItem");
  const index = integerAt(args, 1, "States.ArrayGetItem");
  const item = list[index];
  if (item === undefined) throw new IntrinsicProblem(`there is no item ${index} in an array of ${list.length}`);
  return item;
}

/** The first of equal items stays. */
function unique(args: readonly Json[]): Json {
  const list = listAt(args, 0, "States.ArrayUnique");
  const seen = new Set<string>();
  return list.filter((item) => {
    const key = canonical(item);
    return !seen.has(key) && seen.add(key);
  });
}

/** One text for all equal values, whatever the order of members. */
const canonical = (value: Json): string => {
  if (isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`)
    .join(",")}}`;
};

export const arrayFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  "States.Array": { min: 0, max: Infinity, apply: (args) => [...args] },
  "States.ArrayPartition": { min: 2, max: 2, apply: partition },
  "States.ArrayContains": {
    min: 2,
    max: 2,
    apply: (args) => listAt(args, 0, "States.ArrayContains").some((item) => equal(item, args[1] ?? null)),
  },
  "States.ArrayRange": { min: 3, max: 3, apply: range },
  "States.ArrayGetItem": { min: 2, max: 2, apply: getItem },
  "States.ArrayLength": { min: 1, max: 1, apply: (args) => listAt(args, 0, "States.ArrayLength").length },
  "States.ArrayUnique": { min: 1, max: 1, apply: unique },
};
