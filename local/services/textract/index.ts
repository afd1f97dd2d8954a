/** Amazon Textract: text of digital PDFs as they carry it, text of pictures and scans by Tesseract, forms and tables by their layout. */
import * as Textract from "@aws-sdk/client-textract";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { detectDocumentText } from "./detect-document-text.ts";
import { createReader } from "./reading/reader.ts";

export function create(cloud: Cloud): Service<typeof Textract> {
  const reader = createReader();
  return {
    sdk: Textract,
    handlers: { DetectDocumentText: detectDocumentText(cloud, reader) },
    stop: () => reader.stop(),
  };
}
