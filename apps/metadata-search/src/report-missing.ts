/** Answers which objects lack metadata that every upload must have, and which. Invoked directly. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { required } from "./fields.ts";
import { absent } from "./rows/required-metadata.ts";
import { type FoundObject, foundObject } from "./search/found-object.ts";
import { Days, daysOf, NextPage } from "./search/input.ts";
import { placeOf, tokenOf } from "./search/page-token.ts";
import { answer, pageOf } from "./search/query.ts";
import { incompleteStatement } from "./search/statement.ts";

export interface MissingPage {
  readonly required: readonly string[];
  readonly objects: readonly (Pick<FoundObject, "bucket" | "key" | "versionId" | "uploadedAt"> & {
    readonly missing: readonly string[];
  })[];
  readonly nextToken?: string;
}

export const handler = handle(
  { input: z.union([NextPage, z.strictObject(Days)]) },
  async (input): Promise<MissingPage> => {
    const place = "nextToken" in input ? placeOf(input.nextToken) : await begin(input);
    const { rows, next } = await pageOf(place.query, input.limit, place.token);
    const objects = rows.map(foundObject).map(({ bucket, key, versionId, uploadedAt, metadata }) => ({
      bucket,
      key,
      versionId,
      uploadedAt,
      missing: absent(metadata, required),
    }));
    const more = next === undefined ? {} : { nextToken: tokenOf({ query: place.query, token: next }) };
    return { required, objects, ...more };
  },
);

async function begin(days: { from?: string | undefined; to?: string | undefined }) {
  const { queryExecutionId } = await answer(incompleteStatement(required, daysOf(days, new Date())));
  return { query: queryExecutionId, token: undefined };
}
