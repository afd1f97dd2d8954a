/** StartDocumentAnalysis. */
import type * as Textract from "@aws-sdk/client-textract";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { localIam } from "../../../iam/index.ts";
import { Constraints } from "../../constraints.ts";
import { featuresOf } from "../analyze-document.ts";
import { checkObject, invalidParameters } from "../document.ts";
import type { Runner } from "./run.ts";
import type { Job, Jobs } from "./store.ts";

/** "Default Quotas in Amazon Textract": concurrent asynchronous jobs in most regions. */
const MOST_OPEN_JOBS = 100;

export function startDocumentAnalysis(
  cloud: Cloud,
  jobs: Jobs,
  runner: Runner,
): Handler<typeof Textract, "StartDocumentAnalysis"> {
  return async (input, call) => {
    const {
      DocumentLocation,
      FeatureTypes,
      ClientRequestToken: token,
      JobTag: tag,
      NotificationChannel,
      ...others
    } = input;
    new Constraints()
      .text("clientRequestToken", token, { min: 1, max: 64, pattern: /^[a-zA-Z0-9-_]+$/ })
      .text("jobTag", tag, { min: 1, max: 64, pattern: /^[a-zA-Z0-9_.\-:]+$/ })
      .check();
    const features = featuresOf(FeatureTypes, others);
    const object = DocumentLocation?.S3Object;
    if (!object) throw invalidParameters();
    checkChannel(cloud, NotificationChannel);
    const request = JSON.stringify([object, features, tag, NotificationChannel]);
    const before = token === undefined ? undefined : jobs.findByToken(token);
    if (before) {
      if (before.request !== request)
        throw new ServiceError(
          "IdempotentParameterMismatchException",
          "The ClientRequestToken was used with other parameters before",
        );
      return { JobId: before.id };
    }
    await checkObject(cloud, object, call.principal);
    if (jobs.open().length >= MOST_OPEN_JOBS)
      throw new ServiceError("LimitExceededException", "Open jobs exceed maximum concurrent job limit");
    const job: Job = {
      id: newJobId(cloud),
      features,
      object,
      caller: call.principal,
      startedAt: cloud.clock.now(),
      tag,
      token,
      channel: NotificationChannel,
      request,
      status: "IN_PROGRESS",
    };
    jobs.save(job);
    runner.schedule(job);
    return { JobId: job.id };
  };
}

/** Textract must be able to take on the role in which it is to publish. */
function checkChannel(cloud: Cloud, channel: Textract.NotificationChannel | undefined): void {
  if (!channel) return;
  const textract = { kind: "service", service: "textract.amazonaws.com" } as const;
  if (!channel.SNSTopicArn || !channel.RoleArn || !localIam(cloud.iam).trusts(channel.RoleArn, textract))
    throw invalidParameters();
}

/** 64 hexadecimal digits, as Textract's are. */
const newJobId = (cloud: Cloud): string => (cloud.uuid() + cloud.uuid()).replaceAll("-", "");
