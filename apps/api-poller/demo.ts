/** Pulls all pages of the bundled sample partner, which is slow and fails now and then, and shows how far the job is meanwhile. */
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Demo, Stage } from "#local/testing";
import type { JobStatus, Summary } from "./src/job.ts";

type Job = Summary & { readonly status: JobStatus; readonly records: number; readonly totalRecords?: number };

const RECORDS = 2_000;

const demo: Demo = async (stage) => {
  const { app } = stage;
  const api = app.outputs["PollerHttpApiUrl"] ?? "";
  const ask = async (path: string, init: RequestInit = {}) => fetch(api + path, init);

  const body = JSON.stringify({ url: app.outputs["ExternalHttpApiUrl"] });
  stage.input("POST /jobs", body);
  const posted = await ask("/jobs", { method: "POST", headers: { "content-type": "application/json" }, body });
  const { jobId } = (await posted.json()) as { jobId: string };
  stage.step(`${posted.status}, the job is ${jobId}`);

  const startedAt = app.cloud.clock.now();
  let job: Job | undefined;
  let last = "";
  // Half an hour on the cloud's clock is more than enough.
  for (let look = 0; look < 1_800 && !isOver(job); look++) {
    await app.advance(1);
    job = (await (await ask(`/jobs/${jobId}`)).json()) as Job;
    const line = progressLine(stage, job);
    if (line !== last) stage.step(`${seconds(app.cloud.clock.now() - startedAt)}  ${line}`);
    last = line;
  }
  await app.settle();
  await stage.path();

  const answer = await ask(`/jobs/${jobId}`);
  stage.result(`GET /jobs/${jobId}`, JSON.stringify(await answer.json(), undefined, 2));
  const ids = await keptIds(stage, jobId);
  stage.result(`${ids.length} records are kept, number ${ids.at(0)} to number ${ids.at(-1)}`);
  stage.check("the job is complete", job?.status === "COMPLETE");
  stage.check(
    `every one of ${RECORDS} records is there once, though one request in ten failed`,
    ids.length === RECORDS && ids.every((id, index) => id === index),
  );
};

// Five at a time, so that there is something to see.
export const parameters = { ApiAuthorization: "NONE", SampleTotalRecords: String(RECORDS), PagesAtATime: "5" };
export default demo;

const isOver = (job: Job | undefined): boolean => ["COMPLETE", "INCOMPLETE", "FAILED"].includes(job?.status ?? "");

const seconds = (milliseconds: number): string => `${String(Math.round(milliseconds / 1_000)).padStart(4)} s`;

function progressLine(stage: Stage, job: Job): string {
  const { Started, PayloadSaved, Enqueued, SuccessfullyCompleted, FailedToComplete, Total } = job;
  const bar = [
    stage.paint("green", "█".repeat(SuccessfullyCompleted)),
    stage.paint("red", "█".repeat(FailedToComplete)),
    stage.paint("cyan", "▓".repeat(Enqueued + PayloadSaved)),
    stage.paint("yellow", "░".repeat(Started)),
  ].join("");
  return `${bar}${" ".repeat(Math.max(0, RECORDS / 100 - Total))} started ${Started}, saved ${PayloadSaved}, enqueued ${Enqueued}, done ${SuccessfullyCompleted}, failed ${FailedToComplete}: ${job.status}`;
}

async function keptIds(stage: Stage, jobId: string): Promise<number[]> {
  const s3 = stage.app.client(S3Client);
  const Bucket = stage.app.resource("RecordsBucket");
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${jobId}/` }));
  const files = await Promise.all(
    Contents.map(async ({ Key }) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()),
  );
  return files.flatMap((text = "") =>
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { id: number }).id),
  );
}
