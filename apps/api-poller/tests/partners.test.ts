import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "#local/testing";
import { offsetAnswer, partner, type Poller, startPoller, upTo } from "./poller.ts";

const SECRET = "Bearer planted-secret-7d1f";
let cloud: TestCloud;
let poller: Poller;
beforeAll(async () => {
  cloud = await testCloud();
  const headers = { "127.0.0.1": { authorization: SECRET }, "api.example.com": { authorization: "another" } };
  const { ARN = "" } = await cloud
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: "partners", SecretString: JSON.stringify(headers) }));
  poller = await startPoller(
    { SamplePartner: "false", PartnerHeadersSecretArn: ARN, MostPages: "20", ChainLength: "5" },
    cloud,
  );
});
afterAll(() => cloud[Symbol.asyncDispose]());
const ids = async (jobId: string) => (await poller.keptRecords(jobId)).map(({ id }) => id);

describe("partners that number their pages", () => {
  const answer = (query: URLSearchParams, total: number) => {
    const size = Math.min(50, Number(query.get("per_page")));
    const from = (Number(query.get("page")) - 1) * size;
    return {
      meta: { total },
      items: upTo(total)
        .slice(from, from + size)
        .map((id) => ({ id })),
    };
  };
  const pagination = { type: "page", pageSize: 50, totalField: "meta.total" };

  it("are read in parallel", async () => {
    await using api = await partner((query) => ({ body: answer(query, 230) }));
    const job = await poller.run({ url: `${api.url}?kind=open`, pagination });
    expect(job).toMatchObject({ status: "COMPLETE", Total: 5, totalRecords: 230 });
    expect(await ids(job.jobId)).toEqual(upTo(230));
    expect(api.asked.every((query) => query.get("kind") === "open")).toBe(true);
  });

  it("and fill up their last page meanwhile give each record once", async () => {
    let answers = 0;
    await using api = await partner((query) => ({ body: answer(query, answers++ < 6 ? 230 : 260) }));
    const job = await poller.run({ url: api.url, pagination });
    expect(job).toMatchObject({ status: "COMPLETE", totalRecords: 260 });
    expect(await ids(job.jobId)).toEqual(upTo(260));
  });
});

describe("partners that chain their pages", () => {
  it("by cursors are read one after the other", async () => {
    await using api = await partner((query) => {
      const from = Number(query.get("cursor") ?? 0);
      return {
        body: {
          items: upTo(35)
            .slice(from, from + 10)
            .map((id) => ({ id })),
          next: from + 10 < 35 ? `${from + 10}` : null,
        },
      };
    });
    const job = await poller.run({ url: api.url, pagination: { type: "cursor" } });
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 4, records: 35 });
    expect(await ids(job.jobId)).toEqual(upTo(35));
    expect(api.asked.map((query) => query.get("cursor"))).toEqual([null, "10", "20", "30"]);
  });

  it("by Link headers are read one after the other, through failures", async () => {
    let answers = 0;
    await using api = await partner((query) => {
      if (++answers % 3 === 0) return { status: 503 };
      const page = Number(query.get("page") ?? 1);
      const headers: Record<string, string> =
        page < 4 ? { link: `</records?page=1>; rel="first", </records?page=${page + 1}>; rel="next"` } : {};
      return { headers, body: [{ id: page }] };
    });
    const job = await poller.run({ url: api.url, pagination: { type: "link" } });
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 4 });
    expect(await ids(job.jobId)).toEqual([1, 2, 3, 4]);
  });

  it("to a host that is not on the list are left there", async () => {
    await using api = await partner(() => ({
      headers: { link: '<http://169.254.169.254/latest/meta-data>; rel="next"' },
      body: [{ id: 1 }],
    }));
    const job = await poller.run({ url: api.url, pagination: { type: "link" } });
    expect(job).toMatchObject({ status: "INCOMPLETE", SuccessfullyCompleted: 1, FailedToComplete: 1 });
    expect(job.failures[0]?.reason).toContain("SourceNotAllowed: ");
  });

  it("over more pages than one execution can follow are handed on", async () => {
    await using api = await partner((query) => {
      const page = Number(query.get("cursor") ?? 0);
      return { body: { items: [{ id: page }], ...(page < 12 ? { next: page + 1 } : {}) } };
    });
    const job = await poller.run({ url: api.url, pagination: { type: "cursor" } });
    expect(job).toMatchObject({ status: "COMPLETE", SuccessfullyCompleted: 13 });
    expect(await ids(job.jobId)).toEqual(upTo(13));
    expect(api.asked).toHaveLength(13);
  });

  it("without an end are stopped at the number of pages that a job may have", async () => {
    await using api = await partner((query) => ({
      body: { items: [{ id: 1 }], next: Number(query.get("cursor") ?? 0) + 1 },
    }));
    expect(await poller.run({ url: api.url, pagination: { type: "cursor" } })).toMatchObject({
      status: "INCOMPLETE",
      SuccessfullyCompleted: 20,
      reason: "JobTooLarge: The job has 21 pages or more, 20 are allowed",
    });
  });
});

describe("a limit of requests per second", () => {
  it("is kept whatever the partner's speed", async () => {
    const times: number[] = [];
    await using api = await partner((query) => {
      times.push(poller.app.cloud.clock.now());
      return { body: offsetAnswer(query, 2_000) };
    });
    const job = await poller.run({ url: api.url, requestsPerSecond: 4 });
    expect(job).toMatchObject({ status: "COMPLETE", records: 2_000 });
    const pages = times.slice(1, 21);
    for (const [index, time] of pages.entries())
      expect(
        pages.filter((other) => other >= time && other < time + 1_000).length,
        `from request ${index}`,
      ).toBeLessThanOrEqual(4);
  });
});

describe("more pages", () => {
  it("than a job may have are refused before the first is fetched", async () => {
    await using api = await partner((query) => ({ body: offsetAnswer(query, 2_050) }));
    expect((await poller.run({ url: api.url })).reason).toBe(
      "JobTooLarge: The job has 21 pages or more, 20 are allowed",
    );
    expect(api.asked).toHaveLength(1);
  });
});

describe("an incremental job", () => {
  it("asks only for what changed since the last complete one began", async () => {
    const changed = ["2030-01-01T00:00:00Z", "2030-01-05T00:00:00Z", "2030-01-03T00:00:00+02:00"];
    await using api = await partner(() => ({
      body: { maxRecordsPerPage: 100, totalRecords: 3, payload: changed.map((updated, id) => ({ id, updated })) },
    }));
    const job = { url: `${api.url}?kind=open`, incremental: { parameter: "since", field: "updated" } };
    expect(await poller.run(job)).toMatchObject({ status: "COMPLETE", records: 3 });
    expect(api.asked.every((query) => !query.has("since"))).toBe(true);
    expect(await poller.run(job)).toMatchObject({ status: "COMPLETE" });
    expect(new Set(api.asked.slice(3).map((query) => query.get("since")))).toEqual(
      new Set(["2030-01-05T00:00:00.000Z"]),
    );
  });

  it("that is not complete does not move on", async () => {
    let isDown = true;
    await using api = await partner((query) =>
      isDown && query.get("startAt") === "100"
        ? { status: 404 }
        : {
            body: {
              ...offsetAnswer(query, 150),
              payload: [...Array(Number(query.get("count"))).keys()].map((id) => ({ id, at: "2030-01-01T00:00:00Z" })),
            },
          },
    );
    const job = { url: api.url, incremental: { parameter: "since", field: "at" } };
    expect(await poller.run(job)).toMatchObject({ status: "INCOMPLETE" });
    isDown = false;
    expect(await poller.run(job)).toMatchObject({ status: "COMPLETE" });
    expect(api.asked.every((query) => !query.has("since"))).toBe(true);
  });
});

describe("a partner that wants to know who asks", () => {
  it("is sent the headers of its host, which nobody else sees", async () => {
    await using api = await partner((query, request) =>
      request.headers.authorization === SECRET ? { body: offsetAnswer(query, 120) } : { status: 401 },
    );
    const job = await poller.run({ url: api.url });
    expect(job).toMatchObject({ status: "COMPLETE", records: 120 });
    const said = await Promise.all(poller.app.functions.map((name) => poller.app.logs(name)));
    expect(JSON.stringify([said, job, await poller.executions(), cloud.logged])).not.toContain(SECRET);
  });
});
