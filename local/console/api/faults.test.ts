import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { ACCOUNT, asRole } from "../../core/principal.ts";
import { consoleCloud } from "../testing/console-cloud.ts";

const BY_A_ROLE = asRole("arn:aws:iam::123456789012:role/shop-Poll", "Poll");

describe("failures on purpose", () => {
  it("are added, listed with their hits, and removed", async () => {
    await using it = await consoleCloud();
    const wanted = { service: "sqs", operation: "ListQueues", error: "throttle", times: 3 };
    expect(await it.post("/faults", wanted)).toEqual({ ...wanted, id: "f1", hits: 0 });
    const latency = { service: "sns", latencyMs: 500, rate: 0.5, role: "Poll", matching: "x", after: 0 };
    expect(await it.post("/faults", latency)).toEqual({ ...latency, id: "f2", hits: 0 });

    it.cloud.faults.add({ service: "sts" });
    await it.cloud.faults.meet("sqs", "ListQueues", BY_A_ROLE, {}).catch(() => {});
    await it.cloud.faults.meet("sqs", "ListQueues", ACCOUNT, {});
    expect(await it.get("/faults")).toMatchObject({ faults: [{ id: "f1", hits: 1 }, { id: "f2" }, { id: "f3" }] });
    expect(await it.post("/faults/remove", { id: "f1" })).toMatchObject({ id: "f1", hits: 1 });
    await expect(it.post("/faults/remove", { id: "f1" })).rejects.toThrow("There is no fault f1");
    // The number of a fault that is gone is not given again.
    expect(await it.post("/faults", wanted)).toMatchObject({ id: "f4" });
    await it.post("/faults/clear", {});
    expect(await it.get("/faults")).toEqual({ faults: [] });
    await expect(it.cloud.client(SQSClient).send(new ListQueuesCommand({}))).resolves.toBeDefined();
  });

  it.each<[string, unknown, RegExp]>([
    ["an unknown service", { service: "sqz", error: "throttle" }, /no service sqz\. Services: .*sns, sqs/],
    [
      "an operation that is not there",
      { service: "sqs", operation: "Listqueues", error: "throttle" },
      /no operation Listqueues\. Operations: .*ListQueues/,
    ],
    ["an inherited name", { service: "sqs", operation: "toString", error: "throttle" }, /no operation toString/],
    ["nothing to happen", { service: "sqs" }, /error, latencyMs or both/],
    ["afterwards without an error", { service: "sqs", latencyMs: 1, afterwards: true }, /afterwards/],
    ["a rate above one", { service: "sqs", error: "throttle", rate: 1.1 }, /^rate: /],
    ["times of none", { service: "sqs", error: "throttle", times: 0 }, /^times: /],
    ["a status of success", { service: "sqs", error: { name: "Busy", status: 200 } }, /^error/],
    ["a member that nobody knows", { service: "sqs", error: "throttle", time: 1 }, /time/],
    ["no object", [], /^the body/],
    ["no JSON", "{", /not JSON/],
  ])("are refused with %s", async (_, body, message) => {
    await using it = await consoleCloud();
    await expect(it.post("/faults", body)).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
    expect(it.cloud.faults.list()).toEqual([]);
  });

  it("are nothing that another web page can make", async () => {
    await using it = await consoleCloud();
    const wanted = { service: "sqs", error: "throttle" };
    await expect(it.post("/faults", wanted, {}, { origin: "https://evil.example" })).rejects.toThrow(
      "Another web page",
    );
    await expect(it.post("/faults", wanted, {}, { "x-local-console": "" })).rejects.toThrow("needs the header");
  });
});
