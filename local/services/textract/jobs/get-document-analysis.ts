/** GetDocumentAnalysis: the result of a job, at most 1000 blocks at a time. */
import type * as Textract from "@aws-sdk/client-textract";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { MODEL_VERSION } from "../detect-document-text.ts";
import { invalidParameters } from "../document.ts";
import type { Jobs } from "./store.ts";

const MOST_BLOCKS = 1_000;

export function getDocumentAnalysis(jobs: Jobs): Handler<typeof Textract, "GetDocumentAnalysis"> {
  return ({ JobId = "", MaxResults = MOST_BLOCKS, NextToken }) => {
    new Constraints()
      .text("jobId", JobId, { min: 1, max: 64, pattern: /^[a-zA-Z0-9-_]+$/ })
      .number("maxResults", MaxResults, { min: 1 })
      .check();
    const job = jobs.find(JobId);
    if (!job) throw new ServiceError("InvalidJobIdException", "Request has invalid Job Id");
    const state = {
      JobStatus: job.status,
      AnalyzeDocumentModelVersion: MODEL_VERSION,
      ...(job.statusMessage === undefined ? {} : { StatusMessage: job.statusMessage }),
    };
    if (job.pages === undefined) return state;
    const start = NextToken === undefined ? 0 : startOf(NextToken, JobId);
    const end = start + Math.min(MaxResults, MOST_BLOCKS);
    const blocks = jobs.blocksOf(job);
    return {
      ...state,
      DocumentMetadata: { Pages: job.pages },
      Blocks: blocks.slice(start, end),
      ...(job.warnings ? { Warnings: [...job.warnings] } : {}),
      ...(end < blocks.length ? { NextToken: tokenOf(JobId, end) } : {}),
    };
  };
}

const tokenOf = (jobId: string, start: number): string => Buffer.from(`${jobId} ${start}`).toString("base64url");

/** Throws unless the token is of this job. */
function startOf(token: string, jobId: string): number {
  const [id, start] = Buffer.from(token, "base64url").toString().split(" ");
  if (id !== jobId || start === undefined || !/^\d+$/.test(start)) throw invalidParameters();
  return Number(start);
}
