/** Jobs and pages in one table: a row for each page, one for the job itself, one for how far a source has been read. */
import { GetCommand, QueryCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { NotFound } from "#shared/errors";
import { type JobStatus, type Outcome, PAGE_STATES, type PageRow, type Summary } from "../job.ts";
import { Page } from "../pages/page.ts";

export class JobNotFound extends NotFound<{ jobId: string }> {}

/** A message names a page that no job has. */
export class PageUnknown extends NotFound<{ jobId: string; taskId: string }> {}

const table = env.text("TASK_DDB_TABLE");
const KEEP_DAYS = env.integer("KEEP_DAYS", { least: 1, most: 3_650, otherwise: 30 });

/** Sorts before the ids of pages, which are digits. The state machine writes this row as well. */
const JOB = "#job";
const WATERMARK = "#watermark";

const JobRow = z.object({
  Status: z.enum(["ACCEPTED", "POLLING", "PROCESSING", "COMPLETE", "INCOMPLETE", "FAILED"]),
  AcceptedAt: z.optional(z.string()),
  StartedAt: z.optional(z.string()),
  FinishedAt: z.optional(z.string()),
  TotalRecords: z.optional(z.number()),
  Reason: z.optional(z.string()),
  WatermarkOf: z.optional(z.string()),
  Resume: z.optional(z.string()),
});
type JobRow = z.infer<typeof JobRow>;

const TaskRow = z.object({
  TaskId: z.string(),
  State: z.enum(PAGE_STATES),
  Records: z.optional(z.number()),
  Reason: z.optional(z.string()),
  ChangedUntil: z.optional(z.string()),
});

/** The job can be asked for from now on. Takes nothing back of what the workflow may have written already. */
export async function acceptJob(jobId: string, now: Date): Promise<void> {
  await update(jobId, JOB, {
    UpdateExpression:
      "SET #status = if_not_exists(#status, :accepted), AcceptedAt = if_not_exists(AcceptedAt, :now), TimeToLive = if_not_exists(TimeToLive, :ttl)",
    ExpressionAttributeNames: { "#status": "Status" },
    ExpressionAttributeValues: {
      ":accepted": "ACCEPTED" satisfies JobStatus,
      ":now": now.toISOString(),
      // DynamoDB removes a row at epoch seconds, not milliseconds.
      ":ttl": Math.floor(now.getTime() / 1_000) + KEEP_DAYS * 86_400,
    },
  });
}

/** What the source holds, as far as it is known. */
export async function recordPlan(
  jobId: string,
  plan: { readonly totalRecords: number | undefined; readonly watermarkOf: string | undefined },
): Promise<void> {
  const values = Object.entries({ TotalRecords: plan.totalRecords, WatermarkOf: plan.watermarkOf }).filter(
    ([, value]) => value !== undefined,
  );
  if (values.length === 0) return;
  await update(jobId, JOB, {
    UpdateExpression: `SET ${values.map(([name]) => `${name} = :${name}`).join(", ")}`,
    ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
  });
}

/** The page at which a chain goes on, when it is the one with this number. */
export async function resumeOf(jobId: string, startAt: number): Promise<Page | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { JobId: jobId, TaskId: JOB }, ConsistentRead: true }),
  );
  const resume = Item && JobRow.parse(Item).Resume;
  const page = resume === undefined ? undefined : Page.parse(JSON.parse(resume));
  return page?.startAt === startAt ? page : undefined;
}

/** A job and all its pages. Throws JobNotFound. */
export async function jobOf(jobId: string): Promise<{ readonly job: JobRow; readonly pages: readonly PageRow[] }> {
  let job: JobRow | undefined;
  const pages: PageRow[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "JobId = :jobId",
        ExpressionAttributeValues: { ":jobId": jobId },
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const item of Items) {
      if (item["TaskId"] === JOB) job = JobRow.parse(item);
      else pages.push(pageOf(item));
    }
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  if (!job) throw new JobNotFound(`There is no job ${jobId}`, { jobId });
  return { job, pages };
}

function pageOf(item: unknown): PageRow {
  const { TaskId, State, Records = 0, Reason, ChangedUntil } = TaskRow.parse(item);
  return {
    taskId: TaskId,
    state: State,
    records: Records,
    ...(Reason === undefined ? {} : { reason: Reason }),
    ...(ChangedUntil === undefined ? {} : { changedUntil: ChangedUntil }),
  };
}

/** Ends a page. Answers false when it was ended before, whichever way. Throws PageUnknown. */
export async function endPage(
  jobId: string,
  taskId: string,
  end: { readonly state: "COMPLETE" } | { readonly state: "FAILED"; readonly reason: string },
  now: Date,
): Promise<boolean> {
  try {
    await update(jobId, taskId, {
      UpdateExpression: `SET #state = :state, UpdatedAt = :now${end.state === "FAILED" ? ", Reason = :reason" : ""}`,
      ConditionExpression: "#state IN (:started, :saved, :enqueued)",
      ExpressionAttributeNames: { "#state": "State" },
      ExpressionAttributeValues: {
        ":state": end.state,
        ":now": now.toISOString(),
        ":started": "STARTED",
        ":saved": "PAYLOADSAVED",
        ":enqueued": "ENQUEUED",
        ...(end.state === "FAILED" ? { ":reason": end.reason } : {}),
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    return true;
  } catch (error) {
    if (!isRefused(error)) throw error;
    if ("Item" in error && error.Item !== undefined) return false;
    throw new PageUnknown(`There is no page ${taskId} of a job ${jobId}`, { jobId, taskId });
  }
}

/** Writes how the job stands. What is written with `finishedAt` is the last word. */
export async function recordOutcome(
  jobId: string,
  { status, reason }: Outcome,
  summary: Summary,
  finishedAt: Date | undefined,
): Promise<void> {
  const values = Object.entries({
    Status: status,
    Summary: summary,
    Reason: reason,
    FinishedAt: finishedAt?.toISOString(),
  }).filter(([, value]) => value !== undefined);
  try {
    await update(jobId, JOB, {
      UpdateExpression: `SET ${values.map(([name]) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression: "attribute_not_exists(FinishedAt)",
      ExpressionAttributeNames: Object.fromEntries(values.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])),
    });
  } catch (error) {
    // A retry of the call that finished the job.
    if (!isRefused(error)) throw error;
  }
}

/** Up to which moment a source has been read. */
export async function watermarkOf(source: string): Promise<string | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: { JobId: source, TaskId: WATERMARK }, ConsistentRead: true }),
  );
  return z.optional(z.string()).parse(Item?.["ChangedUntil"]);
}

/** Moves it on, never back: jobs of one source may end in any order. */
export async function advanceWatermark(source: string, changedUntil: string): Promise<void> {
  try {
    await update(source, WATERMARK, {
      UpdateExpression: "SET ChangedUntil = :until",
      ConditionExpression: "attribute_not_exists(ChangedUntil) OR ChangedUntil < :until",
      ExpressionAttributeValues: { ":until": changedUntil },
    });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

const update = (JobId: string, TaskId: string, change: Omit<UpdateCommandInput, "TableName" | "Key">) =>
  documents.send(new UpdateCommand({ TableName: table, Key: { JobId, TaskId }, ...change }));

const isRefused = (error: unknown): error is Error =>
  error instanceof Error && error.name === "ConditionalCheckFailedException";
