/** What the administrator hears, and when he does not. */
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMINISTRATOR, type Form, startForm } from "./form.ts";

let form: Form;
beforeAll(async () => {
  form = await startForm({ AlarmEmail: "ops@example.com" });
});
afterAll(() => form[Symbol.asyncDispose]());

const send = async (message: string, more: object = {}) => {
  const { body } = await form.post({ message, ...more });
  await form.app.settle();
  return String(body["ticketId"]);
};

describe("the administrator", () => {
  it("is mailed a bad message, and answers to its writer", async () => {
    const ticket = await send("This is bad service", { email: "ida@example.org" });
    expect(form.mailsOf(ticket)).toMatchObject([
      { from: ADMINISTRATOR, to: [ADMINISTRATOR], subject: "New Form Submission" },
    ]);
    const [{ text = "" } = {}] = form.mailsOf(ticket);
    expect(text).toMatch(
      /^Ticket: .*\nMood: {6}negative \(language: en\)\nReceived: .*\nAnswer to: ida@example.org\n\nThis is bad service$/,
    );
  });

  it.each([
    ["a mixed one", "The food was wonderful. The waiter was horrible and rude.", 1],
    ["one in a language without a model", "Посылка не пришла", 1],
    ["a kind one", "I love it, thank you!", 0],
    ["a neutral one", "The parcel came on Monday.", 0],
  ])("hears of %s: %s", async (_, message, mails) => {
    expect(form.mailsOf(await send(message))).toHaveLength(mails);
  });

  it("is not waited for, and is told as soon as SES is there again", async () => {
    const outage = form.app.cloud.faults.add({
      service: "sesv2",
      operation: "SendEmail",
      error: { name: "InternalServiceError", message: "Down", status: 500 },
      times: 25,
      role: "NotifyAdministrator",
    });
    const { status, body } = await form.post({ message: "This is bad service" });
    expect([status, outage.hits]).toEqual([200, 0]);
    await form.app.settle();
    expect(outage.hits).toBe(25);
    expect(form.mailsOf(body["ticketId"])).toHaveLength(1);
  });

  it("misses no mail without a trace: what SES refuses is put aside with the reason, and an alarm rings", async () => {
    form.app.cloud.faults.add({
      service: "sesv2",
      operation: "SendEmail",
      error: { name: "MessageRejected", message: "Email address is not verified.", status: 400 },
      times: 1,
      role: "NotifyAdministrator",
    });
    const ticket = await send("This is terrible, one");
    const next = await send("This is terrible, two");
    expect([form.mailsOf(ticket), form.mailsOf(next)].map((mails) => mails.length)).toEqual([0, 1]);
    await form.app.advance(120);
    const [letter] = await form.app.messages("DeadLetters");
    expect(letter?.Body).toContain(ticket);
    expect(letter?.MessageAttributes).toMatchObject({
      error: { StringValue: "MailRefused" },
      reason: { StringValue: "SES refused the mail: MessageRejected" },
    });
    expect(form.app.outbox.map(({ subject }) => subject)).toContainEqual(
      expect.stringMatching(/^ALARM.*DeadLettersAlarm/),
    );
  });
});

describe("a batch with a record that is no message", () => {
  it.each([0, 1, 2])(
    "at place %d has its neighbours mailed once, and the record put aside with its reason",
    async (place) => {
      const formId = `poison-${place}`;
      const poison = () =>
        form.app.client(DynamoDBClient).send(
          new PutItemCommand({
            TableName: form.app.resource("Messages"),
            Item: { formId: { S: formId }, needsAttention: { BOOL: true } },
          }),
        );
      const tickets: unknown[] = [];
      for (let at = 0; at < 3; at++) {
        if (at === place) await poison();
        else tickets.push((await form.post({ message: "This is terrible" })).body["ticketId"]);
      }
      await form.app.settle();
      expect(tickets.map((ticket) => form.mailsOf(ticket).length)).toEqual([1, 1]);
      const letters = (await form.app.messages("DeadLetters")).filter(({ Body }) => Body?.includes(formId));
      expect(letters.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual([
        "InputInvalid",
      ]);
    },
  );
});

describe("without an administrator", () => {
  it("messages are answered and kept all the same", async () => {
    await using lonely = await startForm({ ValidatedEmail: "" });
    const { status, body } = await lonely.post({ message: "This is bad service" });
    await lonely.app.settle();
    expect([status, await lonely.row(body["ticketId"])]).toMatchObject([200, { sentiment: "NEGATIVE" }]);
    expect([lonely.app.functions, lonely.app.outbox]).toEqual([["ShowForm"], []]);
  });
});
