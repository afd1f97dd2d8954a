import { Constraints, required } from "../../constraints.ts";
import type { Handler, Input, Output } from "../../../core/service.ts";
import { placeholdersOf } from "../expressions/placeholders.ts";
import { parseProjection, project } from "../expressions/projection.ts";
import { CapacityMeter } from "../items/capacity.ts";
import { checkKey } from "../items/check-item.ts";
import { refuseLegacy } from "../items/legacy.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";
import { itemSize } from "../values/size.ts";
import type { Item } from "../values/value.ts";

const MOST_KEYS = 100;
const LARGEST_ANSWER = 16 * 1024 * 1024;

type Request = NonNullable<NonNullable<Input<DynamoDB, "BatchGetItem">["RequestItems"]>[string]>;

/** Items by their keys, from several tables. What goes beyond 16 MB is left for another call. */
export const batchGetItem =
  (tables: Tables): Handler<DynamoDB, "BatchGetItem"> =>
  (input) => {
    const requests = Object.entries(required("requestItems", input.RequestItems));
    const total = requests.reduce((sum, [, request]) => sum + (request.Keys?.length ?? 0), 0);
    if (requests.length === 0) {
      new Constraints().violated("requestItems", "{}", "Member must have length greater than or equal to 1").check();
    }
    if (total > MOST_KEYS) throw invalid("Too many items requested for the BatchGetItem call");
    const reads = requests.map(([name, request]) => prepare(tables, name, request));
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    const Responses: NonNullable<Output<DynamoDB, "BatchGetItem">["Responses"]> = {};
    const UnprocessedKeys: NonNullable<Output<DynamoDB, "BatchGetItem">["UnprocessedKeys"]> = {};
    let bytes = 0;
    for (const { name, request, table, keys, cut } of reads) {
      const found: Item[] = (Responses[name] = []);
      for (const [at, key] of keys.entries()) {
        const item = table.get(key);
        const size = item ? itemSize(item) : 0;
        if (bytes + size > LARGEST_ANSWER) {
          UnprocessedKeys[name] = { ...request, Keys: (request.Keys ?? []).slice(at) };
          break;
        }
        bytes += size;
        meter.read(table, size, request.ConsistentRead ?? false);
        if (item) found.push(cut(item));
      }
    }
    return { Responses, UnprocessedKeys, ...meter.all() };
  };

function prepare(tables: Tables, name: string, request: Request) {
  refuseLegacy(request);
  const { ProjectionExpression: text } = request;
  const rawKeys = request.Keys ?? [];
  if (rawKeys.length === 0) {
    new Constraints().list(`requestItems.${name}.member.keys`, request.Keys, { required: true, min: 1 }).check();
  }
  const placeholders = placeholdersOf(request, { ProjectionExpression: text }, []);
  const paths = text === undefined ? undefined : parseProjection(text, placeholders);
  placeholders.checkUsed();
  const table = tables.usable(name);
  const keys = rawKeys.map((key) => table.keyOf(checkKey(table, key)));
  if (new Set(keys).size < keys.length) throw invalid("Provided list of item keys contains duplicates");
  return { name, request, table, keys, cut: (item: Item) => (paths ? project(item, paths) : item) };
}
