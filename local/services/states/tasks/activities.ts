/** Activities: tasks that workers fetch by polling. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { checkName } from "../arns.ts";
import { page } from "../paging.ts";
import type { ActivityRecord } from "../records.ts";
import type { Store } from "../store.ts";
import { tagsFrom } from "../tags.ts";

interface Scheduled {
  readonly input: string;
  readonly token: string;
  readonly started: (workerName: string | undefined) => void;
}

/** Tasks that wait for a worker, and workers that wait for a task. */
export class Activities {
  readonly #tasks = new Map<string, Scheduled[]>();
  readonly #workers = new Map<string, Set<() => void>>();

  /** Answers a function that takes the task back. */
  schedule(activityArn: string, task: Scheduled): () => void {
    const tasks = this.#tasks.get(activityArn) ?? [];
    tasks.push(task);
    this.#tasks.set(activityArn, tasks);
    for (const wake of this.#workers.get(activityArn) ?? []) wake();
    return () => {
      const index = tasks.indexOf(task);
      if (index >= 0) tasks.splice(index, 1);
    };
  }

  take(activityArn: string): Scheduled | undefined {
    return this.#tasks.get(activityArn)?.shift();
  }

  onTask(activityArn: string, wake: () => void): () => void {
    const workers = this.#workers.get(activityArn) ?? new Set();
    workers.add(wake);
    this.#workers.set(activityArn, workers);
    return () => workers.delete(wake);
  }
}

const activityAt = (store: Store, arn: string | undefined): ActivityRecord => {
  if (!/^arn:aws[\w-]*:states:[^:]*:\d{12}:activity:.+/.test(arn ?? ""))
    throw new ServiceError("InvalidArn", `Invalid Arn: '${arn ?? ""}'`);
  const activity = store.activities.get(arn ?? "");
  if (!activity) throw new ServiceError("ActivityDoesNotExist", `Activity Does Not Exist: '${arn ?? ""}'`);
  return activity;
};

/** Creating what is there already answers it. */
export const createActivity =
  (store: Store): Handler<typeof SFN, "CreateActivity"> =>
  ({ name: given, tags, encryptionConfiguration }) => {
    if (encryptionConfiguration && encryptionConfiguration.type !== "AWS_OWNED_KEY") {
      throw new ServiceError(
        "InvalidEncryptionConfiguration",
        "The local cloud supports encryption with AWS owned keys only",
      );
    }
    const name = checkName(given);
    const arn = store.cloud.arn("states", `activity:${name}`);
    const activity = store.activities.get(arn) ?? { arn, name, creationDate: store.now(), tags: tagsFrom(tags) };
    store.activities.set(arn, activity);
    return { activityArn: arn, creationDate: new Date(activity.creationDate) };
  };

export const describeActivity =
  (store: Store): Handler<typeof SFN, "DescribeActivity"> =>
  ({ activityArn }) =>
    describe(activityAt(store, activityArn));

export const deleteActivity =
  (store: Store): Handler<typeof SFN, "DeleteActivity"> =>
  ({ activityArn }) => {
    store.activities.delete(activityArn ?? "");
    return {};
  };

export const listActivities =
  (store: Store): Handler<typeof SFN, "ListActivities"> =>
  ({ maxResults, nextToken }) => {
    const { items, ...rest } = page([...store.activities.values()], "activities", maxResults, nextToken);
    return { activities: items.map(describe), ...rest };
  };

const describe = ({ arn, name, creationDate }: ActivityRecord) => ({
  activityArn: arn,
  name,
  creationDate: new Date(creationDate),
});

/** A worker's poll lasts up to a minute (GetActivityTask, API Reference). */
const POLL_MS = 60_000;

/** An answer without a token means that there was no task. */
export const getActivityTask =
  (store: Store, activities: Activities): Handler<typeof SFN, "GetActivityTask"> =>
  async ({ activityArn, workerName }, call) => {
    const { arn } = activityAt(store, activityArn);
    const task = activities.take(arn) ?? (await call.waiting(nextTask(store, activities, arn, call.signal)));
    if (!task) return {};
    task.started(workerName);
    return { taskToken: task.token, input: task.input };
  };

function nextTask(
  store: Store,
  activities: Activities,
  arn: string,
  signal: AbortSignal,
): Promise<Scheduled | undefined> {
  return new Promise((resolve) => {
    const finish = (task: Scheduled | undefined): void => {
      cancel();
      forget();
      signal.removeEventListener("abort", abort);
      resolve(task);
    };
    const abort = (): void => finish(undefined);
    const cancel = store.cloud.clock.after(POLL_MS, () => finish(undefined));
    const forget = activities.onTask(arn, () => {
      const task = activities.take(arn);
      if (task) finish(task);
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}
