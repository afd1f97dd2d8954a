import { expect, it } from "vitest";
import { startPoller, upTo } from "./poller.ts";

it("a job whose pages are fetched by Express executions brings the same", async () => {
  await using poller = await startPoller({
    PageExecutionType: "EXPRESS",
    SampleFailurePercentage: "10",
    Dashboard: "true",
  });
  const job = await poller.run({ url: poller.sample });
  expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 10 });
  expect((await poller.keptRecords(job.jobId)).map(({ id }) => id)).toEqual(upTo(1_000));
  expect(poller.app.warnings).toEqual([]);
});
