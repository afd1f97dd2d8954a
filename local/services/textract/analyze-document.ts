/** AnalyzeDocument: text, forms and tables of one page. */
import type * as Textract from "@aws-sdk/client-textract";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { MODEL_VERSION } from "./detect-document-text.ts";
import { invalidParameters, readPage } from "./document.ts";
import { analyse } from "./layout/analysis.ts";
import type { Reader } from "./reading/reader.ts";

export function analyzeDocument(cloud: Cloud, reader: Reader): Handler<typeof Textract, "AnalyzeDocument"> {
  return async ({ Document, FeatureTypes, ...others }, call) => {
    const features = featuresOf(FeatureTypes, others);
    const page = await readPage(cloud, reader, Document, call.principal);
    return {
      DocumentMetadata: { Pages: 1 },
      Blocks: analyse(page, features, undefined, () => cloud.uuid()),
      AnalyzeDocumentModelVersion: MODEL_VERSION,
    };
  };
}

const KNOWN = new Set<string>(["FORMS", "TABLES"]);
const FEATURES = new Set<string>([...KNOWN, "LAYOUT", "QUERIES", "SIGNATURES"]);

/** Throws NotImplemented for what is not looked for here. */
export function featuresOf(
  features: readonly Textract.FeatureType[] | undefined,
  others: Readonly<Record<string, unknown>>,
): readonly Textract.FeatureType[] {
  if (!features || features.length === 0 || features.some((feature) => !FEATURES.has(feature)))
    throw invalidParameters();
  const beyond =
    features.find((feature) => !KNOWN.has(feature)) ?? Object.keys(others).find((name) => others[name] !== undefined);
  if (beyond !== undefined)
    throw new ServiceError("NotImplemented", `The local cloud looks for FORMS and TABLES, and knows no ${beyond}`, {
      status: 501,
    });
  return features;
}
