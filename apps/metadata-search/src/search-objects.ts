/** Answers which objects there are now by name, key, user metadata, tags, customer, category and days. Invoked directly. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { type FoundObject, foundObject } from "./search/found-object.ts";
import { daysOf, NextPage, Search } from "./search/input.ts";
import { placeOf, tokenOf } from "./search/page-token.ts";
import { answer, pageOf } from "./search/query.ts";
import { searchStatement } from "./search/statement.ts";

export interface SearchPage {
  readonly objects: readonly FoundObject[];
  /** Bytes that Athena read for the first page; the others cost nothing more. */
  readonly scannedBytes?: number;
  readonly nextToken?: string;
}

export const handler = handle({ input: z.union([NextPage, Search]) }, async (input): Promise<SearchPage> => {
  if ("nextToken" in input) {
    const { query, token } = placeOf(input.nextToken);
    return page(query, input.limit, token);
  }
  const { queryExecutionId, scannedBytes } = await answer(searchStatement({ ...input, ...daysOf(input, new Date()) }));
  return { ...(await page(queryExecutionId, input.limit, undefined)), scannedBytes };
});

async function page(query: string, limit: number, token: string | undefined): Promise<SearchPage> {
  const { rows, next } = await pageOf(query, limit, token);
  return {
    objects: rows.map(foundObject),
    ...(next === undefined ? {} : { nextToken: tokenOf({ query, token: next }) }),
  };
}
