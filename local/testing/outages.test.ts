/** The harness finds what an app would lose. The senders here make the mistakes that it has to find. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { ADMINISTRATOR, mailsIn, post, rowOf, verifySender } from "../../apps/contact-form/tests/form.ts";
import { deploy, type LocalApp } from "../testing.ts";
import { harmByOutages } from "./outages.ts";
import type { Step, Task } from "./work.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("contact-form", { parameters: { ValidatedEmail: ADMINISTRATOR } });
  await verifySender(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const tickets = new Map<string, unknown>();
const send: Step = async (_app, id) => {
  const { body } = await post(app, { message: `This is bad service, says ${id}.` });
  tickets.set(id, body["ticketId"]);
};
const done: Step = async (_app, id) => {
  expect(await rowOf(app, tickets.get(id) ?? "none")).toBeDefined();
  expect(mailsIn(app).filter(({ text }) => text?.includes(String(tickets.get(id))))).not.toEqual([]);
};
const calls = (harm: readonly string[]) => harm.map((line) => line.slice(0, line.indexOf(": "))).toSorted();

it("what is refused and not handed in again is missed, whichever call refused it", async () => {
  expect(calls(await harmByOutages(app, { steps: [send], done }))).toEqual([
    "AnswerMessageRole dynamodb:TransactWriteItems",
    "ContactApiRole states:StartSyncExecution",
  ]);
});

it("what is half done is seen while it is, and not only at the end", async () => {
  const insist: Step = async (each, id) => {
    await send(each, id);
    if (tickets.get(id) === undefined) throw new Error("refused");
  };
  const isMailed: Step = async (each, id) => void (tickets.has(id) && (await done(each, id)));
  const task: Task = { steps: [insist], done, sound: isMailed };
  const harm = calls(await harmByOutages(app, task));
  expect(harm).toContain("NotifyAdministrator sesv2:SendEmail");
  expect(harm).not.toContain("AnswerMessageRole comprehend:DetectSentiment");
});
