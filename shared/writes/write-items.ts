/** Many items of one table. */
import { BatchGetCommand, BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "../clients/documents.ts";
import { writeAll } from "./write-all.ts";

type Item = Record<string, unknown>;
type Change = { readonly PutRequest: { readonly Item: Item } } | { readonly DeleteRequest: { readonly Key: Item } };

/**
 * Puts and removes items, 25 a call; unprocessed ones are sent again. Throws EntriesLeft. A key may be named only once.
 */
export async function writeItems(
  table: string,
  { put = [], remove = [] }: { put?: readonly Item[]; remove?: readonly Item[] },
): Promise<void> {
  const changes: readonly Change[] = [
    ...put.map((Item) => ({ PutRequest: { Item } })),
    ...remove.map((Key) => ({ DeleteRequest: { Key } })),
  ];
  await writeAll(changes, {
    most: 25,
    async send(chunk) {
      const { UnprocessedItems } = await documents.send(
        new BatchWriteCommand({ RequestItems: { [table]: [...chunk] } }),
      );
      const left = (UnprocessedItems?.[table] ?? []) as Change[]; // what was sent, as it was sent
      return left.map((entry) => ({ entry, code: "Unprocessed" }));
    },
  });
}

/** Reads items by key, 100 a call, with strong consistency; unprocessed keys are asked for again. Missing items are left out; no order. */
export async function readItems(table: string, keys: readonly Item[]): Promise<readonly Item[]> {
  const found: Item[] = [];
  await writeAll(keys, {
    most: 100,
    async send(chunk) {
      const { Responses, UnprocessedKeys } = await documents.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: [...chunk], ConsistentRead: true } } }),
      );
      found.push(...(Responses?.[table] ?? []));
      return (UnprocessedKeys?.[table]?.Keys ?? []).map((entry) => ({ entry, code: "Unprocessed" }));
    },
  });
  return found;
}
