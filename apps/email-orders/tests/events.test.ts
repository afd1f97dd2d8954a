import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { deployShop, endingOf } from "./mails.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deployShop();
});
afterAll(() => app[Symbol.asyncDispose]());

const errors = async (queue: string) =>
  (await app.messages(queue)).map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue);

describe("the sample events", () => {
  it("of a spam mail are dropped and counted", async () => {
    await app.invoke("ReceiveMail", app.sample("receive-mail.json"));
    expect(await endingOf(app, "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1")).toMatchObject({ outcome: "dropped" });
    const counted = (await app.logs("ReceiveMail")).filter(({ json }) => json?.["MailsDropped"] !== undefined);
    expect(counted).toHaveLength(1);
  });

  it("of a mail with an odd id are put aside", async () => {
    await app.invoke("ReceiveMail", app.sample("receive-mail.bad.json"));
    expect(await errors("DeadLetters")).toEqual(["InputInvalid"]);
  });

  it("of an answer to an order that is not there are put aside", async () => {
    expect(await app.invoke("SendAnswer", app.sample("send-answer.json"))).toEqual({ batchItemFailures: [] });
    expect(await errors("DeadAnswers")).toEqual(["NotFound"]);
  });

  it("of an answer without a number are put aside", async () => {
    expect(await app.invoke("SendAnswer", app.sample("send-answer.bad.json"))).toEqual({ batchItemFailures: [] });
    expect(await errors("DeadAnswers")).toEqual(["InputInvalid"]);
  });
});
