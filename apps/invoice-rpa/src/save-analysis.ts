/** Keeps the whole analysis in S3, and takes the fingerprint of the document: the state holds where they are, not what they say. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { collectAnalysis, keepAnalysis } from "./stores/analysis-store.ts";
import { fingerprintOf } from "./stores/documents.ts";

const Input = z.object({
  bucket_name: z.string(),
  key: z.string().check(z.minLength(1)),
  version_id: z.string(),
  job_id: z.string().check(z.minLength(1)),
});

const analysesBucket = env.text("ANALYSES_BUCKET_NAME");
const mostPages = env.integer("MOST_PAGES", { least: 1, most: 3_000 });

export const handler = handle({ input: Input }, async ({ bucket_name: bucket, key, version_id: versionId, job_id }) => {
  const analysis = await collectAnalysis(job_id, mostPages);
  const document_hash = await fingerprintOf({ bucket, key, versionId });
  return {
    analysis: await keepAnalysis(analysesBucket, key, analysis),
    document_hash,
    is_partial: analysis.isPartial,
    pages: analysis.pages,
  };
});
