import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath, closeBrowser, openPage } from "./testing/browser.ts";
import { type ConsoleCloud, consoleCloud } from "./testing/console-cloud.ts";
import { RELAY } from "./testing/relay.ts";

const WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe.skipIf(browserPath === undefined)("on the page", () => {
  let shown: ConsoleCloud;
  beforeAll(async () => {
    shown = await consoleCloud();
    const { resources } = await shown.stacks.deploy({ name: "relay", body: JSON.stringify(RELAY) });
    const Bucket = resources["Uploads"]?.physicalId ?? "";
    for (const Key of ["good.txt", "poison.txt"]) await shown.call("s3", "PutObject", { Bucket, Key, Body: "x" });
    await shown.cloud.clock.settle();
  });
  afterAll(async () => {
    await shown?.[Symbol.asyncDispose]();
    await closeBrowser();
  });

  it("an upload is followed from the list to the log of the function that read it", async () => {
    await using visitor = await openPage(shown.address, { viewport: { width: 390, height: 844 } });
    const { page } = visitor;
    await visitor.visit("/follow");
    await page.getByRole("link", { name: "good.txt" }).click();
    const steps = page.locator(".step-item");
    await expect
      .poll(() => steps.locator(".title strong").allTextContents())
      .toEqual(["Uploads", "News", "Work", "Reader", "default", "Process", "Results"]);
    await steps.nth(3).getByText("input and log").click();
    await steps.nth(3).getByText("read").first().waitFor();
    expect(await page.evaluate(WIDER_BY)).toBe(0);
    await steps.nth(5).getByRole("link", { name: "Process" }).click();
    await page.locator('[data-state="Tell"]').waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  it("an app has a start page with how its parts are, and links to them", async () => {
    await using visitor = await openPage(shown.address);
    const { page } = visitor;
    await visitor.visit("/apps/relay");
    const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
    expect(await row("Dead").textContent()).toContain("1 dead");
    expect(await row("Results").textContent()).toContain("2 waiting");
    expect(await row("Reader").textContent()).toContain("failed");
    await page.getByRole("link", { name: "Dead", exact: true }).click();
    await page.locator(".message-item").waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  it("keys lead to views, to the search, to the clock and tell of themselves", async () => {
    await using visitor = await openPage(shown.address);
    const { page } = visitor;
    await visitor.visit("/");
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    expect(await page.locator("dialog kbd").count()).toBeGreaterThan(20);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog[open]").count()).toBe(0);
    await page.keyboard.press("g");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Follow an event" }).waitFor();
    await page.keyboard.press("/");
    // What is typed into a field is text, not a key of the page.
    await page.keyboard.type("good.txt");
    await page.keyboard.press("Enter");
    await page.locator(".step-item").first().waitFor();
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press(".");
    expect(await page.locator("details.clock[open]").count()).toBe(1);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("+1 min");
    await page.keyboard.press("Escape");
    await visitor.visit("/queues");
    await page.locator("td a").first().click();
    await page.getByRole("heading", { name: "Messages" }).waitFor();
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("u");
    await page.getByRole("heading", { name: "relay" }).waitFor();
    expect(visitor.troubles).toEqual([]);
  });

  it("time goes to the next timer, and the clock says so", async () => {
    await using visitor = await openPage(shown.address);
    const { page } = visitor;
    await visitor.visit("/");
    shown.cloud.clock.after(3_600_000, () => {}, { background: true });
    const before = shown.cloud.clock.now();
    await page.locator(".clock summary").click();
    await page.getByText(/^Due in/).waitFor();
    await page.getByRole("button", { name: "To the next timer" }).click();
    await page.getByText(/later:/).waitFor();
    expect(shown.cloud.clock.now()).toBeGreaterThan(before);
    const clockSays = new Date(shown.cloud.clock.now()).toISOString().slice(11, 19);
    await expect.poll(() => page.locator(".clock .now").textContent()).toContain(clockSays);
  });
});
