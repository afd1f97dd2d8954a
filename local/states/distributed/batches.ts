/** ItemBatcher: several items for one child execution (ItemBatcher, developer guide). */
import { DefinitionError } from "../failure.ts";
import type { Flow, Place } from "../flow/flow.ts";
import { integerField } from "../flow/typed-fields.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Visit } from "../thread.ts";
import type { Child } from "./run-children.ts";

export type Batcher = (visit: Visit, input: Json, items: readonly Json[]) => Promise<readonly Child[]>;

/** The largest input of a child, in bytes. */
const MAX_BYTES = 262_144;

export function compileBatcher(definition: JsonObject, place: Place, flow: Flow): Batcher | undefined {
  const batcher = definition["ItemBatcher"];
  if (batcher === undefined) return undefined;
  if (!isObject(batcher)) throw new DefinitionError(`${place.path}/ItemBatcher`, "ItemBatcher must be an object");
  const mostItems = integerField(
    flow,
    batcher,
    "MaxItemsPerBatch",
    place,
    { min: 1, max: Number.MAX_SAFE_INTEGER },
    "ItemBatcher/",
  );
  const mostBytes = integerField(
    flow,
    batcher,
    "MaxInputBytesPerBatch",
    place,
    { min: 1, max: MAX_BYTES },
    "ItemBatcher/",
  );
  const common =
    batcher["BatchInput"] === undefined ? undefined : flow.payload(batcher["BatchInput"], "ItemBatcher/BatchInput");
  return async (visit, input, items) => {
    const itemLimit = (await mostItems(visit, input)) ?? Infinity;
    const byteLimit = (await mostBytes(visit, input)) ?? MAX_BYTES;
    const batchInput = common ? { BatchInput: await common(visit, input) } : {};
    const frame = Buffer.byteLength(JSON.stringify({ ...batchInput, Items: [] }));
    return batches(items, itemLimit, byteLimit - frame).map((batch) => ({
      input: { ...batchInput, Items: batch },
      items: batch.length,
    }));
  };
}

/** Consecutive items, up to so many and so many bytes of JSON; an item that is too large by itself makes a batch of its own. */
export function batches(items: readonly Json[], mostItems: number, mostBytes: number): Json[][] {
  const result: Json[][] = [];
  let batch: Json[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batch.length > 0 && (batch.length >= mostItems || bytes + size > mostBytes)) {
      result.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) result.push(batch);
  return result;
}
