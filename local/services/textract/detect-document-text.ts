/** DetectDocumentText: the lines and words of one page. */
import type * as Textract from "@aws-sdk/client-textract";
import type { Cloud } from "../../core/cloud.ts";
import type { Handler } from "../../core/service.ts";
import { readPage } from "./document.ts";
import { PageBlocks } from "./layout/blocks.ts";
import type { Reader } from "./reading/reader.ts";

export const MODEL_VERSION = "1.0";

export function detectDocumentText(cloud: Cloud, reader: Reader): Handler<typeof Textract, "DetectDocumentText"> {
  return async ({ Document }, call) => {
    const page = await readPage(cloud, reader, Document, call.principal);
    return {
      DocumentMetadata: { Pages: 1 },
      Blocks: new PageBlocks(page, undefined, () => cloud.uuid()).blocks,
      DetectDocumentTextModelVersion: MODEL_VERSION,
    };
  };
}
