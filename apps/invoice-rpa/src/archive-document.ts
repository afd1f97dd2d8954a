/** Moves the document of an approved invoice into the archive. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { moveToArchive } from "./stores/documents.ts";

const Input = z.object({
  bucket_name: z.string(),
  key: z.string().check(z.minLength(1)),
  version_id: z.string(),
});

const archive = env.text("ARCHIVE_BUCKET_NAME");

export const handler = handle({ input: Input }, async ({ bucket_name: bucket, key, version_id: versionId }) => {
  await moveToArchive({ bucket, key, versionId }, archive);
});
