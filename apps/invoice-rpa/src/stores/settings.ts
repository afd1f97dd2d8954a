/** How invoices are read: labels of a parameter that people may extend, the rest from the template. */
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { ssm } from "#shared/clients/ssm";
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import { parse, parseJson } from "#shared/input";
import type { Settings } from "../reading/find-payment.ts";
import { MoreLabels, withBuiltIn } from "../reading/labels.ts";

/** Somebody has to mend the parameter: which field is wrong is in the message. */
export class LabelsInvalid extends AppError {}

const parameter = env.text("LABELS_PARAMETER");
const dateOrder = env.oneOf("DATE_ORDER", ["MDY", "DMY"]);

/** Read for each invoice: a label that was added a moment ago counts for the next one. */
export async function readSettings(): Promise<Settings> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  return {
    labels: withBuiltIn(labelsIn(Parameter?.Value ?? "{}")),
    dateOrder,
    currency: env.text("CURRENCY"),
    leastConfidence: env.integer("LEAST_CONFIDENCE", { least: 0, most: 100 }),
  };
}

function labelsIn(text: string) {
  try {
    return parse(MoreLabels, parseJson(text, "labels"), "labels");
  } catch (error) {
    throw new LabelsInvalid(error instanceof Error ? error.message : String(error));
  }
}
