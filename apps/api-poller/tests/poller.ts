/** The deployed poller, as its users see it, and partners that do as a test wishes. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { deploy, type LocalApp, type TestCloud } from "#local/testing";
import type { JobStatus, Summary } from "../src/job.ts";

export interface JobAnswer extends Summary {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly reason?: string;
  readonly totalRecords?: number;
  readonly records: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly failures: readonly { readonly taskId: string; readonly reason?: string }[];
}

export type Poller = ReturnType<typeof pollerOf>;

/** Open to everybody, with a calm sample partner. Few pages at a time: each has an environment of its own, which takes its time to start. */
export const calm = {
  ApiAuthorization: "NONE",
  AllowedHosts: "127.0.0.1",
  SampleFailurePercentage: "0",
  SampleTotalRecords: "1000",
  SampleLongestDelayMs: "100",
  PagesAtATime: "3",
};

/** Deployed as a calm poller, unless the test asks for another. */
export async function startPoller(
  parameters: Readonly<Record<string, string>> = {},
  cloud?: TestCloud,
): Promise<Poller> {
  const options = { ...(cloud ? { cloud } : {}), parameters: { ...calm, ...parameters } };
  return pollerOf(await deploy("api-poller", options));
}

export function pollerOf(app: LocalApp) {
  const url = app.outputs["PollerHttpApiUrl"] ?? "";
  // Time stands still meanwhile: what is seen is one moment.
  const call = (path: string, init: RequestInit = {}) => fetch(url + path, init);
  const post = (body: unknown) =>
    call("/jobs", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const jobOf = async (jobId: string) => (await (await call(`/jobs/${jobId}`)).json()) as JobAnswer;
  const submit = async (job: object): Promise<string> => {
    const answer = await post(job);
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { jobId: string }).jobId;
  };
  return {
    app,
    sample: app.outputs["ExternalHttpApiUrl"] ?? "",
    call,
    post,
    submit,
    jobOf,
    /** Submits a job, waits until all is quiet, answers how it went. */
    async run(job: object): Promise<JobAnswer> {
      const jobId = await submit(job);
      await app.settle();
      return jobOf(jobId);
    },
    keptRecords: (jobId: string) => keptRecords(app, jobId),
    storedPages: async (jobId: string) => (await keysIn(app, "RawPayloadBucket", `${jobId}/`)).map((key) => key),
    executions: () => executions(app),
    /** Those that were started for this job. */
    executionsOf: async (jobId: string) =>
      (await executions(app)).filter(({ input = "{}" }) => (JSON.parse(input) as { id?: string }).id === jobId),
    /** Takes them out of the queue. */
    deadLetters: () => app.messages("DeadLetters"),
    /** What the bus gets when a job is asked for, as another application would put it. */
    async putEvent(detail: unknown): Promise<string> {
      const { Entries } = await app.client(EventBridgeClient).send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: app.resource("PollerEventBus"),
              Source: "source.events",
              DetailType: "api.event",
              Detail: JSON.stringify(detail),
            },
          ],
        }),
      );
      return Entries?.[0]?.EventId ?? "";
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}

async function keysIn(app: LocalApp, bucket: string, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await app.client(S3Client).send(
      new ListObjectsV2Command({
        Bucket: app.resource(bucket),
        Prefix,
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      }),
    );
    for (const { Key = "" } of page.Contents ?? []) keys.push(Key);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return keys;
}

/** The records that a job has kept, in the order of its pages. */
async function keptRecords(app: LocalApp, jobId: string): Promise<{ readonly id: number }[]> {
  const records: { readonly id: number }[] = [];
  for (const Key of await keysIn(app, "RecordsBucket", `${jobId}/`)) {
    const { Body } = await app
      .client(S3Client)
      .send(new GetObjectCommand({ Bucket: app.resource("RecordsBucket"), Key }));
    for (const line of ((await Body?.transformToString()) ?? "").split("\n").filter(Boolean))
      records.push(JSON.parse(line) as { id: number });
  }
  return records;
}

async function executions(app: LocalApp) {
  const sfn = app.client(SFNClient);
  const { executions: found = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: app.resource("PollerWorkflow"), maxResults: 1_000 }),
  );
  return Promise.all(found.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))));
}

/** 0, 1, 2 … */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface PartnerAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Partner extends AsyncDisposable {
  readonly url: string;
  /** The queries that it was asked with. */
  readonly asked: readonly URLSearchParams[];
}

/** A partner in this process, which it does not keep alive; close it after the poller. */
export async function partner(
  answer: (query: URLSearchParams, request: IncomingMessage) => PartnerAnswer,
): Promise<Partner> {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? "/", "http://partner").searchParams;
    asked.push(query);
    const { status = 200, headers = {}, body } = answer(query, request);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/records`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer in the words of the bundled sample. */
export function offsetAnswer(query: URLSearchParams, totalRecords: number, maxRecordsPerPage = 100) {
  const startAt = Number(query.get("startAt"));
  const count = Math.max(0, Math.min(Number(query.get("count")), maxRecordsPerPage, totalRecords - startAt));
  return { maxRecordsPerPage, totalRecords, payload: upTo(count).map((index) => ({ id: startAt + index })) };
}
