import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Form, mailsIn, startForm } from "./form.ts";

let form: Form;
beforeAll(async () => {
  form = await startForm();
});
afterAll(() => form[Symbol.asyncDispose]());

const invoke = (name: string, file: string) => form.app.invoke(name, form.app.sample(file));

describe("the sample events", () => {
  it("of a visitor are answered with the page", async () => {
    expect(await invoke("ShowForm", "show-form.json")).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining("Write to us"),
    });
  });

  it("of what is no request are refused", async () => {
    expect(await invoke("ShowForm", "show-form.bad.json")).toMatchObject({ statusCode: 400 });
  });

  it("of a bad message are mailed, once for the same message", async () => {
    for (let time = 0; time < 2; time++) {
      expect(await invoke("NotifyAdministrator", "notify-administrator.json")).toEqual({ batchItemFailures: [] });
    }
    expect(mailsIn(form.app).map(({ text }) => text)).toEqual([expect.stringContaining("This is bad service")]);
  });

  it("of a record that is no message are put aside with the reason", async () => {
    expect(await invoke("NotifyAdministrator", "notify-administrator.bad.json")).toEqual({ batchItemFailures: [] });
    const [letter] = await form.app.messages("DeadLetters");
    expect(letter?.MessageAttributes).toMatchObject({
      error: { StringValue: "InputInvalid" },
      reason: { StringValue: "NewImage.formData: missing" },
    });
  });
});
