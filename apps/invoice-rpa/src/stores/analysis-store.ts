/** Analyses of documents: asked of Textract, kept whole in S3. */
import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { type Block, GetDocumentAnalysisCommand, type Warning } from "@aws-sdk/client-textract";
import * as z from "zod/mini";
import { s3 } from "#shared/clients/s3";
import { textract } from "#shared/clients/textract";
import { AppError } from "#shared/errors";
import * as analysis from "../reading/analysis.ts";

/** No invoice, or a bundle of many: a person must look at it. */
export class DocumentTooLong extends AppError<{ pages: number; most: number }> {}
export class AnalysisFailed extends AppError {}
export class AnalysisNotEnded extends AppError {
  override readonly retryable = true;
}

export interface Analysis {
  readonly pages: number;
  readonly isPartial: boolean;
  readonly warnings: readonly Warning[];
  readonly blocks: readonly Block[];
}

export interface Place {
  readonly key: string;
  readonly versionId: string;
}

/** All pages of a job's result. */
export async function collectAnalysis(jobId: string, mostPages: number): Promise<Analysis> {
  const blocks: Block[] = [];
  const warnings: Warning[] = [];
  let nextToken: string | undefined;
  for (;;) {
    const page = await textract.send(
      new GetDocumentAnalysisCommand({ JobId: jobId, ...(nextToken === undefined ? {} : { NextToken: nextToken }) }),
    );
    if (page.JobStatus === "IN_PROGRESS") throw new AnalysisNotEnded("The analysis has not ended yet");
    if (page.JobStatus === "FAILED") throw new AnalysisFailed(page.StatusMessage ?? "Textract does not say why");
    const pages = page.DocumentMetadata?.Pages ?? 0;
    if (pages > mostPages)
      throw new DocumentTooLong(`The document has ${pages} pages, at most ${mostPages} are read`, {
        pages,
        most: mostPages,
      });
    blocks.push(...(page.Blocks ?? []));
    warnings.push(...(page.Warnings ?? []));
    nextToken = page.NextToken;
    if (nextToken === undefined) return { pages, isPartial: page.JobStatus === "PARTIAL_SUCCESS", warnings, blocks };
  }
}

/** S3's keys have at most 1,024 bytes; a document whose key leaves no room for `.json` is kept by the hash of its key. */
export function analysisKey(key: string): string {
  const name = `${key}.json`;
  return Buffer.byteLength(name) <= 1_024 ? name : `${createHash("sha256").update(key).digest("hex")}.json`;
}

export async function keepAnalysis(bucket: string, key: string, found: Analysis): Promise<Place> {
  const { VersionId = "" } = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: analysisKey(key),
      ContentType: "application/json",
      Body: JSON.stringify(found),
    }),
  );
  return { key: analysisKey(key), versionId: VersionId };
}

const Kept = z.object({ isPartial: z.boolean(), blocks: z.array(analysis.Block) });

export async function readAnalysis(bucket: string, { key, versionId }: Place) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  return z.parse(Kept, JSON.parse((await Body?.transformToString()) ?? ""));
}
