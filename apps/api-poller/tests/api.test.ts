import { createHash, createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Poller, startPoller } from "./poller.ts";

let poller: Poller;
beforeAll(async () => {
  poller = await startPoller({ AllowedHosts: "Partner.example.com, *.trusted.example", SamplePartner: "false" });
});
afterAll(() => poller[Symbol.asyncDispose]());

describe("POST /jobs", () => {
  it.each([
    ["no JSON", "{", "body: not valid JSON"],
    ["nothing", "", "body: missing"],
    ["no address", {}, "body.url: missing"],
    ["an address that is none", { url: "partner" }, "body.url: expected url"],
    ["a field that nobody knows", { url: "https://partner.example.com/", urls: [] }, "body: unknown urls"],
    [
      "a kind of pages that nobody knows",
      { url: "https://partner.example.com/", pagination: { type: "tarot" } },
      "body.pagination.type: unknown type",
    ],
    [
      "a page size of nothing",
      { url: "https://partner.example.com/", pagination: { type: "page", pageSize: 0 } },
      "body.pagination.pageSize: expected at least 1",
    ],
    [
      "no requests at all",
      { url: "https://partner.example.com/", requestsPerSecond: 0 },
      "body.requestsPerSecond: expected at least 0.1",
    ],
    [
      "a parameter with something hidden in it",
      { url: "https://partner.example.com/", incremental: { parameter: "a&b=c", field: "x" } },
      "body.incremental.parameter: has the wrong form",
    ],
  ])("with %s is refused by field", async (_what, body, detail) => {
    const answer = await poller.post(body);
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([400, detail]);
  });

  it.each([
    "https://elsewhere.example.com/records",
    "https://partner.example.com.evil.example/records",
    "https://user:secret@partner.example.com/records",
    "https://trusted.example/records",
    "http://api.trusted.example/records",
    "https://169.254.169.254/latest/meta-data",
    "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
    "https://[::1]/",
    "ftp://partner.example.com/",
    "file:///etc/passwd",
  ])("for %s is forbidden", async (url) => {
    const answer = await poller.post({ url });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain("secret");
  });

  it("starts nothing when it is refused", async () => {
    const before = await poller.executions();
    await poller.post({ url: "partner" });
    await poller.post({ url: "https://elsewhere.example.com/records" });
    await poller.app.settle();
    expect(await poller.executions()).toHaveLength(before.length);
  });

  it("answers the id of the event, by which the job can be asked for at once", async () => {
    const answer = await poller.post({ url: "https://partner.example.com/records?key=1" });
    const { jobId } = (await answer.json()) as { jobId: string };
    expect([answer.status, answer.headers.get("location")]).toEqual([202, `/jobs/${jobId}`]);
    expect((await poller.call(`/jobs/${jobId}`)).status).toBe(200);
    await poller.app.settle();
    const [execution] = await poller.executionsOf(jobId);
    expect(JSON.parse(execution?.input ?? "{}")).toMatchObject({ id: jobId, "detail-type": "api.event" });
  });
});

describe("GET /jobs/{jobId}", () => {
  it.each(["00000000-0000-0000-0000-000000000000", "nothing"])("of %s, which is no job, is 404", async (jobId) => {
    const answer = await poller.call(`/jobs/${jobId}`);
    expect([answer.status, ((await answer.json()) as { title: string }).title]).toEqual([404, "Job not found"]);
  });

  it("of an id that cannot be one is 400", async () => {
    expect((await poller.call(`/jobs/${encodeURIComponent("#job' OR 1")}`)).status).toBe(400);
  });
});

describe("deployed with nothing but defaults", () => {
  it("lets nobody in without a signature, and its account with one", async () => {
    await using closed = await startPoller({
      ApiAuthorization: "AWS_IAM",
      AllowedHosts: "",
      SampleTotalRecords: "100",
    });
    const body = JSON.stringify({ url: closed.sample });
    expect((await closed.post(body)).status).toBe(403);
    const url = new URL(`${closed.app.outputs["PollerHttpApiUrl"]}/jobs`);
    const headers = signed(url, body, new Date(closed.app.cloud.clock.now()));
    const answer = await fetch(url, { method: "POST", headers, body });
    expect(answer.status).toBe(202);
    await closed.app.settle();
    expect(await closed.executions()).toMatchObject([{ status: "SUCCEEDED" }]);
  });
});

/** Signature Version 4 as the account ("Create a signed AWS API request", IAM User Guide). */
function signed(url: URL, body: string, now: Date): Record<string, string> {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = [time.slice(0, 8), "us-east-1", "execute-api", "aws4_request"];
  const names = "content-type;host;x-amz-date";
  const lines = [`content-type:application/json`, `host:${url.host}`, `x-amz-date:${time}`];
  const canonical = ["POST", url.pathname, "", ...lines, "", names, hash(body)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), hash(canonical)].join("\n");
  const key = scope.reduce<string | Buffer>((secret, part) => mac(secret, part), "AWS4local");
  const signature = mac(key, toSign).toString("hex");
  return {
    "content-type": "application/json",
    "x-amz-date": time,
    authorization: `AWS4-HMAC-SHA256 Credential=AKIALOCALACCOUNT0000/${scope.join("/")}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
