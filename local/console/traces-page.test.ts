import { afterAll, describe, expect, it } from "vitest";
import { browserPath, closeBrowser, openPage } from "./testing/browser.ts";
import { consoleCloud } from "./testing/console-cloud.ts";
import { HOSTILE_NAME, sampleTrace, TRACE_ID } from "./testing/sample-trace.ts";

afterAll(closeBrowser);

// Scripts for the page are text: the types of this program know no browser.
const OWNED = `["owned" in window, document.querySelectorAll("main script, main [onerror]").length]`;
const WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describe.skipIf(browserPath === undefined)("traces on the page", () => {
  it("are listed, and one is drawn as a map and a timeline in which a service can be chosen by keys", async () => {
    await using it = await consoleCloud({ traces: true });
    await sampleTrace(it);
    await using visitor = await openPage(it.address);
    const { page } = visitor;
    await visitor.visit("/traces");
    await page.getByRole("link", { name: "POST shop/Prod" }).click();
    await page.locator(".timeline").waitFor();
    expect(await page.locator(".timeline .part").count()).toBe(6);
    expect(await page.locator(".timeline .bar.fault").count()).toBe(1);
    await page.locator(".graph [tabindex='0']").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".timeline .aside").first().waitFor();
    expect(await page.locator(".timeline .part:not(.aside)").allTextContents()).toEqual([
      expect.stringContaining("webhook"),
      expect.stringContaining("EventBridge"),
    ]);
    await page.locator(".timeline .bar.fault").click();
    expect(await page.locator(".timeline details[open] p.bad").textContent()).toBe("TypeError: no such order");
    expect(await page.locator(".timeline details[open] strong").textContent()).toBe(HOSTILE_NAME);
    expect(await page.evaluate(OWNED)).toEqual([false, 0]);
    expect(visitor.troubles).toEqual([]);
  });

  it("fit a phone", async () => {
    await using it = await consoleCloud({ traces: true });
    await sampleTrace(it);
    await using visitor = await openPage(it.address);
    await visitor.page.setViewportSize({ width: 360, height: 740 });
    for (const view of ["/traces", `/traces/${TRACE_ID}`]) {
      await visitor.visit(view);
      expect([view, await visitor.page.evaluate(WIDER_BY)]).toEqual([view, 0]);
    }
  });
});
