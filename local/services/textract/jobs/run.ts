/** What happens to a job after it was started: the document is read as its caller, the result kept, the topic told. */
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError } from "../../../core/errors.ts";
import { asRole } from "../../../core/principal.ts";
import { readPages } from "../document.ts";
import { analyse } from "../layout/analysis.ts";
import type { Reader } from "../reading/reader.ts";
import type { Job, Jobs } from "./store.ts";

/** A short document takes Textract some seconds. */
const TAKES_MS = 3_000;
const TRIES = 6;
const PASSING = new Set(["ThrottlingException", "InternalServerError"]);

export interface Runner {
  schedule(job: Job): void;
}

export function createRunner(cloud: Cloud, jobs: Jobs, reader: Reader): Runner {
  async function run(job: Job): Promise<void> {
    const ended = { ...job, ...(await resultOf(job)) };
    jobs.save(ended);
    await tell(ended);
  }

  async function resultOf(job: Job): Promise<Partial<Job>> {
    try {
      const pages = await insist(() => readPages(cloud, reader, job.object, job.caller));
      const lost = pages.flatMap((page, index) => (page ? [] : [index + 1]));
      if (lost.length === pages.length) return { status: "FAILED", statusMessage: "INVALID_IMAGE_TYPE" };
      const blocks = pages.flatMap((page, index) =>
        page ? analyse(page, job.features, index + 1, () => cloud.uuid()) : [],
      );
      return {
        status: lost.length > 0 ? "PARTIAL_SUCCESS" : "SUCCEEDED",
        pages: pages.length,
        blocks: jobs.keep(blocks),
        ...(lost.length > 0 ? { warnings: [{ ErrorCode: "INTERNAL_ERROR", Pages: lost }] } : {}),
      };
    } catch (error) {
      if (!isServiceError(error)) throw error;
      return { status: "FAILED", statusMessage: error.message };
    }
  }

  /** "Notifying Amazon Textract of completion": the message that the topic gets, in the role that was passed. */
  async function tell({ id, status, tag, channel, object, startedAt }: Job): Promise<void> {
    if (channel?.SNSTopicArn === undefined || channel.RoleArn === undefined) return;
    const message = {
      JobId: id,
      Status: status,
      API: "StartDocumentAnalysis",
      ...(tag === undefined ? {} : { JobTag: tag }),
      Timestamp: startedAt,
      DocumentLocation: { S3ObjectName: object.Name, S3Bucket: object.Bucket },
    };
    const publication = { TopicArn: channel.SNSTopicArn, Message: JSON.stringify(message) };
    const role = asRole(channel.RoleArn, "textract");
    try {
      await insist(
        () => cloud.call("sns", "Publish", publication, role),
        (name) => !/Denied|NotFound|Authorization/.test(name),
      );
    } catch (error) {
      cloud.log.warn(
        `textract: nobody was told of job ${id}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async function insist<T>(work: () => Promise<T>, isPassing = (name: string) => PASSING.has(name)): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt === TRIES || !isServiceError(error) || !isPassing(error.name)) throw error;
        await cloud.clock.sleep(1_000 * 2 ** attempt);
      }
    }
  }

  return {
    schedule(job) {
      cloud.clock.at(job.startedAt + TAKES_MS, () => run(job));
    },
  };
}
