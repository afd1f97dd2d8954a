/** Visitors write to a shop: each is answered a ticket at once, and of the unhappy ones an administrator hears by mail. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { CreateEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import type { Demo } from "#local/testing";

const ADMINISTRATOR = "desk@example.com";

const demo: Demo = async (stage) => {
  const { app } = stage;
  await app.client(SESv2Client).send(new CreateEmailIdentityCommand({ EmailIdentity: ADMINISTRATOR }));
  const url = app.outputs["FormUrl"] ?? "";

  const html = await (await fetch(url)).text();
  stage.step(`the page is at ${url}; a copy is in ${stage.file("form.html", html)}`);

  const post = async (form: object) => {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(form),
    });
    const body = (await answer.json()) as Readonly<Record<string, string>>;
    const colour = answer.status === 200 ? "green" : "yellow";
    stage.result(stage.paint(colour, `HTTP ${answer.status}`), JSON.stringify(body));
    return { status: answer.status, ...body } as Readonly<Record<string, unknown>>;
  };
  const write = (form: { message: string; website?: string; submissionId?: string }) => {
    stage.input("somebody writes", [form.message.trim() === "" ? "(only blanks)" : form.message]);
    return post(form);
  };

  const bad = {
    message: "This is bad service. Nobody answers the phone and my parcel is broken!",
    submissionId: "0b7a4c7e-5a2a-4a0e-8a8f-0d5f1f7f1c11",
  };
  const first = await write(bad);
  stage.step("the answer got lost on the way, so the browser sends it again");
  const again = await post(bad);
  const kind = await write({ message: "I love your shop, thank you so much!" });
  const foreign = await write({ message: "Das Paket ist nicht angekommen und niemand geht ans Telefon." });
  const blank = await write({ message: "  " });
  const robot = await write({ message: "Cheap watches", website: "http://watches.example" });

  await app.settle();
  await stage.path();
  const mails = app.outbox.filter(({ source }) => source === "ses");
  for (const { to, subject, text } of mails) stage.result(`mail to ${to.join(", ")}: ${subject}`, text ?? "");

  const { Items = [] } = await app
    .client(DynamoDBClient)
    .send(new ScanCommand({ TableName: app.resource("Messages") }));
  const kept = Items.filter(({ formData }) => formData !== undefined);
  stage.check("a message that is sent twice has one ticket", first["ticketId"] === again["ticketId"]);
  stage.check("three messages are kept", kept.length === 3);
  stage.check(
    "the administrator hears of the bad one and of the one that could not be judged, once each, not of the kind one",
    mails.length === 2 &&
      [first, foreign].every(({ ticketId }) => mails.some(({ text }) => text?.includes(String(ticketId)))) &&
      kind["sentiment"] === "POSITIVE",
  );
  stage.check("blanks and robots are refused", blank["status"] === 422 && robot["status"] === 422);
};

export const parameters = { ValidatedEmail: ADMINISTRATOR };
export default demo;
