import { type Feed, insist } from "../feed.ts";

const jobs: string[] = [];

export const apiPoller: Feed = {
  app: "api-poller",
  parameters: { ApiAuthorization: "NONE", SampleTotalRecords: "200" },
  async begin() {
    jobs.length = 0;
  },
  async hour(app) {
    const body = JSON.stringify({ url: app.outputs["ExternalHttpApiUrl"] });
    const headers = { "content-type": "application/json" };
    const url = `${app.outputs["PollerHttpApiUrl"]}/jobs`;
    const { jobId } = await insist(() => fetch(url, { method: "POST", headers, body }));
    jobs.push(String(jobId));
  },
  /** A page that could not be had in all its tries is named, with the reason: that is an end too. */
  async undone(app) {
    const undone: string[] = [];
    for (const jobId of jobs) {
      const job = await insist(() => fetch(`${app.outputs["PollerHttpApiUrl"]}/jobs/${jobId}`));
      const isTold = job["status"] === "INCOMPLETE" && (job["failures"] as readonly unknown[]).length > 0;
      if (job["status"] !== "COMPLETE" && !isTold) undone.push(jobId);
    }
    return undone;
  },
};
