/** What happens to a message when something that it needs does not do its work, and what the sender is told. */
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "#local/testing";
import { type Form, startForm, TICKET } from "./form.ts";

let form: Form;
beforeAll(async () => {
  form = await startForm({ AlarmEmail: "ops@example.com", RequestsPerSecond: "1000", RequestsAtOnce: "2000" });
});
beforeEach(() => form.app.cloud.faults.clear());
afterAll(() => form[Symbol.asyncDispose]());

const BAD = { message: "This is bad service" };
const fault = (service: string, operation: string, more: Partial<Fault> = {}) =>
  form.app.cloud.faults.add({ service, operation, role: "AnswerMessage", error: "throttle", ...more });
const OUTAGE = { name: "InternalFailure", message: "arn:aws:secret:thing", status: 500 };

describe("throttling", () => {
  it.each([
    ["comprehend", "DetectDominantLanguage"],
    ["comprehend", "DetectSentiment"],
    ["dynamodb", "TransactWriteItems"],
  ])("of %s %s is not seen by the sender", async (service, operation) => {
    const throttled = fault(service, operation, { times: 3 });
    expect(await form.post(BAD)).toMatchObject({ status: 200, body: { sentiment: "NEGATIVE" } });
    expect(throttled.hits).toBe(3);
  });

  it("of the workflow itself is told as 429, and the same message is taken later", async () => {
    form.app.cloud.faults.add({
      service: "states",
      operation: "StartSyncExecution",
      error: "throttle",
      times: 1,
      role: "ContactApiRole",
    });
    expect(await form.post(BAD)).toMatchObject({ status: 429, body: { title: "Too many messages" } });
    expect((await form.post(BAD)).status).toBe(200);
  });

  it("of one who sends too much is 429 with the header that a browser needs", async () => {
    await using busy = await startForm({ RequestsPerSecond: "1", RequestsAtOnce: "2" });
    const answers = await Promise.all(Array.from({ length: 6 }, () => busy.post({ message: "Hello" })));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(2);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.body).toMatchObject({ status: 429, title: "Too many messages" });
    expect(refused[0]?.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("an outage", () => {
  it.each(["DetectDominantLanguage", "DetectSentiment"])(
    "of Comprehend (%s) costs the judgement, not the message: a person reads it",
    async (operation) => {
      fault("comprehend", operation, { error: OUTAGE });
      const { status, body } = await form.post(BAD);
      expect([status, body["sentiment"]]).toEqual([200, "UNKNOWN"]);
      await form.app.settle();
      expect(form.mailsOf(body["ticketId"])).toHaveLength(1);
    },
  );

  it("of the table is 500 without a word of what happened, and an alarm rings", async () => {
    fault("dynamodb", "TransactWriteItems", { error: OUTAGE });
    const { status, body } = await form.post(BAD);
    expect([status, body]).toEqual([
      500,
      { type: "about:blank", title: "Internal server error", status: 500, instance: expect.any(String) },
    ]);
    await form.app.advance(400);
    expect(form.app.outbox.map(({ subject }) => subject)).toContainEqual(expect.stringMatching(/^ALARM.*ServerErrors/));
  });

  it("that lasts longer than the sender waits is 504", async () => {
    fault("comprehend", "DetectDominantLanguage", { latencyMs: 60_000 });
    fault("dynamodb", "TransactWriteItems", { latencyMs: 60_000 });
    expect(await form.post(BAD)).toMatchObject({ status: 504, body: { title: "No answer in time" } });
  });

  it("in which the answer of the table is lost gives one ticket, which is answered", async () => {
    const lost = fault("dynamodb", "TransactWriteItems", { error: OUTAGE, afterwards: true, times: 1 });
    const { status, body } = await form.post(BAD);
    expect([lost.hits, status]).toEqual([1, 200]);
    expect(await form.row(body["ticketId"])).toMatchObject({ formId: expect.stringMatching(TICKET), formData: BAD });
    await form.app.settle();
    expect(form.mailsOf(body["ticketId"])).toHaveLength(1);
  });

  it("in which every write is cancelled ends after four tickets", async () => {
    fault("dynamodb", "TransactWriteItems", {
      error: { name: "TransactionCanceledException", message: "Transaction cancelled", status: 400 },
    });
    expect((await form.post(BAD)).status).toBe(500);
  });
});

describe("what people write", () => {
  it("is in no log line, whatever becomes of it", async () => {
    const secret = "Xylophone-4711";
    await form.post({ message: `bad awful ${secret}`, email: "xylophone@example.org" });
    await form.post({ message: " ", email: secret });
    fault("dynamodb", "TransactWriteItems", { error: OUTAGE });
    await form.post({ message: `bad ${secret}` });
    await form.app.settle();
    const groups = ["AnswerMessageLogs", "NotifyAdministratorLogs", "ShowFormLogs"].map(form.app.resource);
    const logs = form.app.client(CloudWatchLogsClient);
    const lines: string[] = [];
    for (const logGroupName of groups) {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      lines.push(...events.map(({ message = "" }) => message));
    }
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.filter((line) => /xylophone/i.test(line))).toEqual([]);
  });
});
