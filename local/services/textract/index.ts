/** Amazon Textract: text of digital PDFs as they carry it, text of pictures and scans by Tesseract, forms and tables by their layout. */
import * as Textract from "@aws-sdk/client-textract";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { analyzeDocument } from "./analyze-document.ts";
import { detectDocumentText } from "./detect-document-text.ts";
import { getDocumentAnalysis } from "./jobs/get-document-analysis.ts";
import { createRunner } from "./jobs/run.ts";
import { startDocumentAnalysis } from "./jobs/start-document-analysis.ts";
import { Jobs } from "./jobs/store.ts";
import { createReader } from "./reading/reader.ts";

export function create(cloud: Cloud): Service<typeof Textract> {
  const reader = createReader();
  const jobs = new Jobs(cloud);
  const runner = createRunner(cloud, jobs, reader);
  return {
    sdk: Textract,
    handlers: {
      DetectDocumentText: detectDocumentText(cloud, reader),
      AnalyzeDocument: analyzeDocument(cloud, reader),
      StartDocumentAnalysis: startDocumentAnalysis(cloud, jobs, runner),
      GetDocumentAnalysis: getDocumentAnalysis(jobs),
    },
    permissions: permissionsOf,
    resume() {
      for (const job of jobs.open()) runner.schedule(job);
    },
    stop: () => reader.stop(),
  };
}

/** These actions know no resource ("Actions, resources, and condition keys for Amazon Textract"); a role for notices is passed. */
function permissionsOf(operation: string, input: Readonly<Record<string, unknown>>): Permission[] {
  const { RoleArn: role } = (input["NotificationChannel"] ?? {}) as { RoleArn?: unknown }; // a structure of the input's schema
  const passes = { action: "iam:PassRole", context: { "iam:PassedToService": "textract.amazonaws.com" } };
  return [
    { action: `textract:${operation}`, resource: "*" },
    ...(typeof role === "string" ? [{ ...passes, resource: role }] : []),
  ];
}
