/** The page, as a browser shows it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath, closeBrowser, openTab } from "#local/testing/browser";
import { type Form, startForm, TICKET } from "./form.ts";

if (browserPath === undefined)
  console.warn("Tests of the form's page are skipped: no Chromium in PATH, and CHROMIUM_PATH is not set.");

let form: Form;
let url: string;
beforeAll(async () => {
  form = await startForm();
  url = form.app.outputs["FormUrl"] ?? "";
});
afterAll(async () => {
  await closeBrowser();
  await form[Symbol.asyncDispose]();
});

describe("the page", () => {
  it("comes with a policy under which nothing but its own script runs", async () => {
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-/);
    expect(policy).not.toContain("unsafe");
    expect(await answer.text()).not.toMatch(/(src|href)="(?!data:)/);
  });
});

const WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
const FOCUSED = "document.activeElement.id || document.activeElement.tagName";
const TRAP_IS_SEEN = "document.getElementById('website').getBoundingClientRect().right > 0";

async function openForm(url: string, options: Parameters<typeof openTab>[0] = {}) {
  const visitor = await openTab(options);
  await visitor.page.goto(url);
  return visitor;
}

describe.skipIf(browserPath === undefined)("a visitor", () => {
  it("writes, sends and is told the ticket; the form is empty again", async () => {
    await using visitor = await openForm(url);
    const { page } = visitor;
    await page.getByLabel("Your message").fill("This is bad service");
    await page.getByLabel("Your e-mail address").fill("ida@example.org");
    await page.getByRole("button", { name: "Send" }).click();
    const answer = page.getByRole("status");
    await expect.poll(() => answer.textContent()).toContain("A person will look into this.");
    const ticket = (await answer.locator("strong").textContent()) ?? "";
    expect(ticket).toMatch(TICKET);
    expect(await page.getByLabel("Your message").inputValue()).toBe("");
    expect(await page.evaluate(FOCUSED)).toBe("answer");
    expect(await form.row(ticket)).toMatchObject({ formData: { email: "ida@example.org" } });
    expect(visitor.troubles).toEqual([]);
  });

  it("is told at the field what is missing, and nothing is sent", async () => {
    await using visitor = await openForm(url);
    const { page } = visitor;
    await page.getByRole("button", { name: "Send" }).click();
    const message = page.getByLabel("Your message");
    expect(await message.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#message-problem").textContent()).toBe("Please write something.");
    expect(await page.evaluate(FOCUSED)).toBe("message");
    await message.fill("Hello");
    await page.getByLabel("Your e-mail address").fill("ida@");
    await page.getByRole("button", { name: "Send" }).click();
    expect(await page.evaluate(FOCUSED)).toBe("email");
    expect(await page.getByRole("status").textContent()).toBe("");
  });

  it("keeps the text when sending fails, and gets one ticket for sending it again", async () => {
    await using visitor = await openForm(url);
    const { page } = visitor;
    const sent: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST")
        sent.push(String((request.postDataJSON() as Record<string, unknown>)["submissionId"]));
    });
    form.app.cloud.faults.add({
      service: "states",
      operation: "StartSyncExecution",
      role: "ContactApiRole",
      error: { name: "InternalFailure", status: 500 },
      afterwards: true,
      times: 1,
    });
    await page.getByLabel("Your message").fill("This is terrible");
    await page.getByRole("button", { name: "Send" }).click();
    const answer = page.getByRole("status");
    await expect.poll(() => answer.textContent()).toContain("send it again");
    expect(await page.getByLabel("Your message").inputValue()).toBe("This is terrible");
    await page.getByRole("button", { name: "Send" }).click();
    await expect.poll(() => answer.textContent()).toContain("Your ticket");
    expect(sent).toHaveLength(2);
    expect(new Set(sent).size).toBe(1);
  });

  it("reaches everything by the keyboard, and never the trap", async () => {
    await using visitor = await openForm(url);
    const { page } = visitor;
    const path: unknown[] = [];
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press("Tab");
      path.push(await page.evaluate(FOCUSED));
    }
    expect(path).toEqual(["message", "email", "BUTTON"]);
    expect(await page.evaluate(TRAP_IS_SEEN)).toBe(false);
    expect(await page.getByRole("textbox").count()).toBe(2);
  });

  it.each([320, 1280])("sees it without scrolling sideways at %d px", async (width) => {
    await using visitor = await openForm(url, { viewport: { width, height: 780 } });
    expect(await visitor.page.evaluate(WIDER_BY)).toBe(0);
    expect(visitor.troubles).toEqual([]);
  });
});
