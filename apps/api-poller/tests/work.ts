import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Step, Work } from "#local/testing/work";
import { calm, type JobAnswer, offsetAnswer, partner, pollerOf, upTo } from "./poller.ts";

const RECORDS = 150;
const UPDATED = "2030-01-05T00:00:00.000Z";

/** Where partners are that answer as a path says, as long as this process lives. */
let partners = "";

function answerOf(query: URLSearchParams) {
  const cursor = Number(query.get("cursor") ?? 0);
  switch (query.get("kind")) {
    case "chain":
      return { items: [{ id: cursor, updated: UPDATED }], ...(cursor === 0 ? { next: 1 } : {}) };
    case "odd": {
      const { payload, ...sizes } = offsetAnswer(query, RECORDS);
      // Numbers in a list are an answer, but no records that anybody could work on.
      return { ...sizes, payload: query.get("startAt") === "100" ? payload.map(({ id }) => id) : payload };
    }
    default:
      return offsetAnswer(query, RECORDS);
  }
}

const urlOf = (kind: string, id: string): string => `${partners}?kind=${kind}&of=${id}`;
const numbered = (kind: string) => (id: string) => ({ url: urlOf(kind, id) });
const chain = (id: string) => ({
  url: urlOf("chain", id),
  pagination: { type: "cursor" },
  incremental: { parameter: "since", field: "updated" },
});

/** Ids of the jobs that were asked for, the latest last. */
const asked = new Map<string, string[]>();

const ask =
  (jobOf: (id: string) => object): Step =>
  async (app, id) => {
    const jobId = await pollerOf(app).submit(jobOf(id));
    asked.set(id, [...(asked.get(id) ?? []), jobId]);
  };

const jobsOf = (app: LocalApp, id: string): Promise<JobAnswer[]> =>
  Promise.all((asked.get(id) ?? []).map((jobId) => answered(app, jobId)));

async function answered(app: LocalApp, jobId: string): Promise<JobAnswer> {
  const answer = await pollerOf(app).call(`/jobs/${jobId}`);
  if (!answer.ok) throw new Error(`${answer.status} for ${jobId}`);
  return (await answer.json()) as JobAnswer;
}

const NOT_COMPLETE = ["INCOMPLETE", "FAILED"];

/** As the README says: a job that tells that it is not complete is asked for again. */
const askAgain =
  (jobOf: (id: string) => object): Step =>
  async (app, id) => {
    const job = (await jobsOf(app, id)).at(-1);
    if (job && NOT_COMPLETE.includes(job.status)) await ask(jobOf)(app, id);
  };

/** The highest moment up to which a source counts as read. */
async function watermarkOf(app: LocalApp, source: string): Promise<unknown> {
  const Key = { JobId: source, TaskId: "#watermark" };
  const documents = DynamoDBDocumentClient.from(app.client(DynamoDBClient));
  const { Item } = await documents.send(new GetCommand({ TableName: app.resource("PollerTasksTable"), Key }));
  return Item?.["ChangedUntil"];
}

/** A job that calls itself complete has brought every record once; one that is not says why. */
const isHonest =
  (ids: readonly number[]): Step =>
  async (app, id) => {
    for (const jobId of asked.get(id) ?? []) {
      // Nothing is claimed where nobody answers.
      const job = await answered(app, jobId).catch(() => undefined);
      if (job?.status === "COMPLETE")
        expect((await pollerOf(app).keptRecords(jobId)).map((record) => record.id)).toEqual(ids);
      if (job && NOT_COMPLETE.includes(job.status)) expect(job.reason).toBeTruthy();
    }
  };

/** The last job is complete, and so is what it brought; nothing of it is left on the way. */
const isComplete =
  (ids: readonly number[]): Step =>
  async (app, id) => {
    const jobs = await jobsOf(app, id);
    for (const { status } of jobs.slice(0, -1)) expect(NOT_COMPLETE).toContain(status);
    const last = jobs.at(-1);
    expect(last).toMatchObject({ status: "COMPLETE", FailedToComplete: 0, records: ids.length });
    expect(await pollerOf(app).storedPages(last?.jobId ?? "")).toEqual([]);
    await isHonest(ids)(app, id);
  };

export const work: Work = {
  parameters: {
    ...calm,
    PagesAtATime: "1",
    ChainLength: "1",
    BatchingWindowSeconds: "1",
    CheckEverySeconds: "300",
    MaximumChecks: "8",
  },
  async begin() {
    partners ||= (await partner((query) => ({ body: answerOf(query) }))).url;
  },
  tasks: {
    "a job brings all pages": {
      steps: [ask(numbered("pages")), askAgain(numbered("pages"))],
      sound: isHonest(upTo(RECORDS)),
      done: isComplete(upTo(RECORDS)),
    },

    "a chain of pages is followed from execution to execution, and then counts as read": {
      steps: [ask(chain), askAgain(chain)],
      async sound(app, id) {
        await isHonest([0, 1])(app, id);
        const jobs = await jobsOf(app, id).catch(() => []);
        if (jobs.some(({ status }) => NOT_COMPLETE.includes(status)) && jobs.length === 1)
          expect(await watermarkOf(app, urlOf("chain", id))).toBeUndefined();
      },
      async done(app, id) {
        await isComplete([0, 1])(app, id);
        expect(await watermarkOf(app, urlOf("chain", id))).toBe(UPDATED);
      },
    },

    "a page that cannot be worked on fails, and the job says so": {
      steps: [ask(numbered("odd"))],
      sound: isHonest([]),
      async done(app, id) {
        const [job] = await jobsOf(app, id);
        expect(NOT_COMPLETE).toContain(job?.status);
        expect(job?.reason).toBeTruthy();
        expect(job).toMatchObject({ Started: 0, PayloadSaved: 0, Enqueued: 0 });
      },
    },
  },
};
