/** What a sender is answered. */
import { DescribeStateMachineCommand, SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Form, startForm, TICKET } from "./form.ts";

let form: Form;
beforeAll(async () => {
  form = await startForm({ RequestsPerSecond: "1000", RequestsAtOnce: "2000" });
});
afterAll(() => form[Symbol.asyncDispose]());

const BAD = "This is bad service";

describe("a message", () => {
  it("is answered with a ticket, its sentiment and a kind word, and nothing else", async () => {
    const { status, headers, body } = await form.post({ message: BAD });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        ticketId: expect.stringMatching(TICKET),
        sentiment: "NEGATIVE",
        message: "We are sorry. A person will look into this.",
      },
    });
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("content-type")).toBe("application/json");
  });

  it("is kept under its ticket, with its sentiment as plain text", async () => {
    const { body } = await form.post({ message: BAD, email: "ida@example.org" });
    expect(await form.row(body["ticketId"])).toEqual({
      formId: body["ticketId"],
      formData: { message: BAD, email: "ida@example.org" },
      sentiment: "NEGATIVE",
      language: "en",
      needsAttention: true,
      receivedAt: expect.stringMatching(/^2030-01-07T12:/),
      expiresAt: expect.any(Number),
    });
    const row = await form.row(body["ticketId"]);
    expect(Number(row?.["expiresAt"]) - Date.UTC(2030, 0, 7, 12) / 1000).toBeCloseTo(365 * 86_400, -4);
  });

  it.each([
    ["I love it, thank you so much!", "POSITIVE", "Thank you for your kind words."],
    ["The parcel came on Monday.", "NEUTRAL", "Thank you for your message."],
    ["The food was wonderful. The waiter was horrible and rude.", "MIXED", expect.stringContaining("went wrong")],
    ["Das Paket ist nicht angekommen und keiner geht ans Telefon.", "UNKNOWN", expect.stringContaining("A person")],
    ["Посылка не пришла", "UNKNOWN", expect.stringContaining("A person")],
  ])("%s is %s", async (message, sentiment, says) => {
    expect((await form.post({ message })).body).toMatchObject({ sentiment, message: says });
  });

  it("may hold quotes, backslashes, markup, line ends, dollars and other scripts: it is kept as it is", async () => {
    const message = `O'Neil said "no" \\ $context.requestId #set($a=1) <b>{{x}}</b> {% $x %}\r\n\tłódź  🚚 \u2028 __proto__`;
    const { status, body } = await form.post({ message });
    expect(status).toBe(200);
    expect((await form.row(body["ticketId"]))?.["formData"]).toEqual({ message });
  });

  it("gets a ticket that no other has, and that nobody can count on to: they differ in every place", async () => {
    const tickets = await Promise.all(
      Array.from({ length: 60 }, async () => String((await form.post({ message: "Hello" })).body["ticketId"])),
    );
    expect(new Set(tickets).size).toBe(tickets.length);
    const digits = tickets.map((ticket) => ticket.replaceAll("-", ""));
    for (let place = 0; place < 20; place++) {
      expect(new Set(digits.map((ticket) => ticket[place])).size).toBeGreaterThan(4);
    }
  });
});

describe("a message that is sent again", () => {
  const submission = (last: string) => `7d444840-9dc0-41d1-b245-${last.padStart(12, "0")}`;

  it("gets the ticket that it has, also when both come at once", async () => {
    const once = { message: BAD, submissionId: submission("1") };
    const [first, twin] = await Promise.all([form.post(once), form.post(once)]);
    const again = await form.post({ ...once, submissionId: once.submissionId.toUpperCase() });
    expect(first.status).toBe(200);
    expect([twin.body, again.body]).toEqual([first.body, first.body]);
    await form.app.settle();
    expect(form.mailsOf(first.body["ticketId"])).toHaveLength(1);
  });

  it("with other words under the same id is refused, not swallowed", async () => {
    await form.post({ message: BAD, submissionId: submission("2") });
    const { status, body } = await form.post({ message: "Something else", submissionId: submission("2") });
    expect([status, body["detail"]]).toEqual([422, "submissionId: was used for another message"]);
  });
});

describe("a message that is none", () => {
  it.each([
    ["no JSON", "{message", 400],
    ["an empty body", "", 400],
    ["a list", ["message"], 400],
    ["no message", {}, 400],
    ["an empty message", { message: "" }, 400],
    ["a number", { message: 7 }, 400],
    ["null", { message: null }, 400],
    ["a field that nobody knows", { message: "Hello", admin: true }, 400],
    ["5,001 characters", { message: "a".repeat(5_001) }, 400],
    ["a megabyte", { message: "a".repeat(1_000_000) }, 400],
  ])("for %s is the gateway's 400, and no execution", async (_, body, status) => {
    const answer = await form.post(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type: "urn:problem:InputInvalid", detail: expect.stringContaining("message") });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });

  it.each([
    ["blanks", { message: " \n\t " }, "message: says nothing"],
    ["5,001 bytes in fewer characters", { message: `${"ø".repeat(2_500)}a` }, "message: is longer than 5,000 bytes"],
    ["an address that is none", { message: "Hi", email: "ida@@example" }, "email: is no address"],
    ["an address with a line end", { message: "Hi", email: "a@b.org\r\nBcc: c@d.org" }, "email: is no address"],
    ["an id that is none", { message: "Hi", submissionId: "x".repeat(36) }, "submissionId: is no UUID"],
    ["a robot's", { message: "Buy now", website: "http://spam.example" }, "website: must be left empty"],
  ])("for %s is answered 422 with its field", async (_, body, detail) => {
    const answer = await form.post(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toEqual({
      type: "urn:problem:MessageRefused",
      title: "Message refused",
      status: 422,
      detail,
      instance: expect.stringMatching(/^urn:request:[\w-]+$/),
    });
  });

  it("is taken up to the limit, 5,000 bytes", async () => {
    expect((await form.post({ message: "ø".repeat(2_500) })).status).toBe(200);
    expect((await form.post({ message: "a".repeat(5_000), website: "" })).status).toBe(200);
  });

  it("because it is no JSON by its type is 415", async () => {
    expect((await form.post("message=hello", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(
      415,
    );
  });
});

describe("from another site", () => {
  it("a browser may ask first, and is told what is allowed", async () => {
    const answer = await fetch(form.app.outputs["FormUrl"] ?? "", { method: "OPTIONS" });
    const allowed = ["origin", "methods", "headers"].map((name) => answer.headers.get(`access-control-allow-${name}`));
    expect([answer.status, ...allowed]).toEqual([200, "*", "GET,POST,OPTIONS", "content-type"]);
  });
});

describe("the workflow", () => {
  it("can be run without the API, and checks by itself what it gets", async () => {
    const sfn = form.app.client(SFNClient);
    const run = (input: string) =>
      sfn.send(new StartSyncExecutionCommand({ stateMachineArn: form.app.resource("AnswerMessage"), input }));
    const done = await run(JSON.stringify({ message: BAD }));
    expect([done.status, JSON.parse(done.output ?? "{}")]).toMatchObject(["SUCCEEDED", { sentiment: "NEGATIVE" }]);
    for (const input of ["{}", "[]", '"text"', '{"message":7}', '{"message":{"a":1}}', "null"]) {
      expect(await run(input)).toMatchObject({
        status: "FAILED",
        error: "MessageRefused",
        cause: "message: says nothing",
      });
    }
    expect(await run('{"message":"Hi","email":7}')).toMatchObject({ cause: "email: is no address" });
    expect(await run('{"message":"Hi","submissionId":[]}')).toMatchObject({ cause: "submissionId: is no UUID" });
  });

  it("logs every step, without what people write, and is traced", async () => {
    const { loggingConfiguration, tracingConfiguration } = await form.app
      .client(SFNClient)
      .send(new DescribeStateMachineCommand({ stateMachineArn: form.app.resource("AnswerMessage") }));
    expect(loggingConfiguration).toMatchObject({ level: "ALL", includeExecutionData: false });
    expect(tracingConfiguration).toEqual({ enabled: true });
  });
});
