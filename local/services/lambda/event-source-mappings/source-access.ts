/** Whether the function's role may read the source: Lambda asks before it makes a mapping. */
import { isServiceError } from "../../../core/errors.ts";
import { asRole, type Principal } from "../../../core/principal.ts";
import { queueUrl, serviceOf } from "../../../lambda/asynchronous/destinations.ts";
import { invalid, unsupported } from "../errors.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { Target } from "../store.ts";
import type { SourceKind } from "./parameters.ts";

const STREAM_ACTIONS = ["GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"];

/** Throws for sources that this cloud does not read. */
export function kindOf(arn: string): SourceKind {
  const service = serviceOf(arn);
  if (service === "sqs") return arn.endsWith(".fifo") ? "fifo-queue" : "queue";
  if (service === "dynamodb" && arn.includes("/stream/")) return "stream";
  throw unsupported(`${service || arn} as an event source`);
}

/** Throws InvalidParameterValueException. */
export async function checkAccess(lambda: LambdaService, arn: string, target: Target): Promise<void> {
  const as = asRole(target.version.configuration.roleArn, target.record.name);
  if (kindOf(arn) === "stream") {
    if (STREAM_ACTIONS.every((action) => may(lambda, as, `dynamodb:${action}`, arn))) return;
    throw invalid(
      `Cannot access stream ${arn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
    );
  }
  for (const action of ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"]) {
    if (!may(lambda, as, `sqs:${action}`, arn))
      throw invalid(`The provided execution role does not have permissions to call ${action} on SQS`);
  }
  await checkVisibility(lambda, arn, target, as);
}

function may(lambda: LambdaService, as: Principal, action: string, resource: string): boolean {
  try {
    lambda.cloud.iam.authorize(as, { action, resource }, undefined);
    return true;
  } catch (error) {
    if (isServiceError(error)) return false;
    throw error;
  }
}

/** Messages must not become visible again while the function still works on them. */
async function checkVisibility(lambda: LambdaService, arn: string, target: Target, as: Principal): Promise<void> {
  const input = { QueueUrl: queueUrl(lambda.cloud, arn), AttributeNames: ["VisibilityTimeout" as const] };
  try {
    const { Attributes } = await lambda.cloud.call("sqs", "GetQueueAttributes", input, as);
    const visibility = Number(Attributes?.["VisibilityTimeout"]);
    const { timeoutSeconds } = target.version.configuration;
    if (visibility < timeoutSeconds)
      throw invalid(
        `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
      );
  } catch (error) {
    if (!isServiceError(error) || error.name === "InvalidParameterValueException") throw error;
    throw invalid(
      `Error occurred while ReceiveMessage. SQS Error Code: ${error.name}. SQS Error Message: ${error.message}`,
    );
  }
}
