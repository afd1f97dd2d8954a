import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { browserPath, closeBrowser, openPage, type Visitor } from "./testing/browser.ts";
import { type ConsoleCloud, consoleCloud } from "./testing/console-cloud.ts";
import { HOSTILE, sampleShop, type Shop } from "./testing/sample-shop.ts";

if (browserPath === undefined)
  console.warn("Tests of the console's page are skipped: no Chromium in PATH, and CHROMIUM_PATH is not set.");
const noBrowser = browserPath === undefined;
afterAll(closeBrowser);

// Scripts for the page are text: the types of this program know no browser.
const OWNED = `["owned" in window, document.querySelectorAll("main script, main [onerror], main [href^='javascript:']").length]`;
const WIDER_BY = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
const FOCUSED = "document.activeElement.id || document.activeElement.className";
const FOCUSED_STATE = "document.activeElement.getAttribute('data-state')";
const OPEN_ALL = "for (const each of document.querySelectorAll('main details')) each.open = true";
/** What the browser says of a mail's own script and picture: that it refused them. */
const isOfMail = (trouble: string) => trouble.includes("/api/mail") || trouble.includes("'allow-scripts' permission");

const executionOf = (machine: string, name: string) =>
  `/execution/${encodeURIComponent(`${machine.replace(":stateMachine:", ":execution:")}:${name}`)}`;

/** A page is dear to load: tests that only walk through it, from view to view, share one. */
describe.skipIf(noBrowser)("the page", () => {
  let shown: ConsoleCloud;
  let shop: Shop;
  let visitor: Visitor;
  let formerTroubles = 0;
  beforeAll(async () => {
    shown = await consoleCloud();
    shop = await sampleShop(shown);
    visitor = await openPage(shown.address);
    visitor.page.on("dialog", (dialog) => void dialog.dismiss());
  });
  beforeEach(async () => {
    await visitor.page.setViewportSize({ width: 1280, height: 900 });
    formerTroubles = visitor.troubles.length;
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await shown?.[Symbol.asyncDispose]();
  });
  const troubles = () => visitor.troubles.slice(formerTroubles);

  it("shows every view without an error, a refused resource or hostile text running as script", async () => {
    const { page } = visitor;
    for (const view of shop.views) {
      await visitor.visit(view);
      await page.evaluate(OPEN_ALL);
      const problems = await page.locator("main .problem[role=alert]").allTextContents();
      expect({ view, problems, owned: await page.evaluate(OWNED) }).toEqual({ view, problems: [], owned: [false, 0] });
    }
    expect(troubles().filter((trouble) => !isOfMail(trouble))).toEqual([]);
  });

  it("shows hostile text as text", async () => {
    await visitor.visit("/buckets/files");
    expect(await visitor.page.locator("main td").first().textContent()).toContain("<img src=x onerror=");
    await visitor.visit("/logs/%2Fshop");
    expect(await visitor.page.locator(".line.plain .message").first().textContent()).toBe(HOSTILE);
  });

  it("lets markup become an element nowhere, not even by its own code", async () => {
    await visitor.visit("/");
    const refused = await visitor.page.evaluate(
      "(() => { try { document.body.innerHTML = '<b>x</b>'; return 'allowed'; } catch (error) { return error.name; } })()",
    );
    expect(refused).toBe("TypeError");
  });

  it("shows mails in a frame that cannot do anything", async () => {
    await visitor.visit(`/mails/${shop.mail}`);
    const frame = visitor.page.frameLocator("iframe.mail");
    expect(await frame.locator("h1").textContent()).toBe("Thanks");
    expect(await visitor.page.locator("iframe.mail").getAttribute("sandbox")).toBe("");
    expect(await visitor.page.evaluate("'owned' in window")).toBe(false);
  });

  it.each([360, 1280])("fits into %d px without scrolling sideways", async (width) => {
    await visitor.page.setViewportSize({ width, height: 780 });
    for (const view of shop.views) {
      await visitor.visit(view);
      await visitor.page.evaluate(OPEN_ALL);
      expect({ view, widerBy: await visitor.page.evaluate(WIDER_BY) }).toEqual({ view, widerBy: 0 });
    }
  });

  it("has executions that are walked through by arrow keys", async () => {
    const { page } = visitor;
    await visitor.visit(executionOf(shop.machine, "small"));
    const focused = () => page.evaluate(FOCUSED_STATE);
    await page.locator('[data-state="Check order"]').focus();
    const path: unknown[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "End", "Home"]) {
      await page.keyboard.press(key);
      path.push(await focused());
    }
    expect(path.slice(0, 2)).toEqual(["Ask a person", "In parallel"]);
    expect(["Pack", "Charge card"]).toContain(path[2]);
    expect(path[4]).toBe("Check order");
    await page.keyboard.press("Enter");
    await page.locator(".beside").getByRole("heading", { name: "Check order" }).waitFor();
    expect(await page.locator('[data-state][tabindex="0"]').count()).toBe(1);
  });

  it("starts an execution", async () => {
    const { page } = visitor;
    await visitor.visit(`/machines/${encodeURIComponent(shop.machine)}`);
    await page.getByText("Start an execution").click();
    await page.getByLabel("Input").fill('{"total": 7}');
    await page.getByLabel("Name").fill("by-hand");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("heading", { name: "by-hand", level: 1 }).waitFor();
    expect(troubles()).toEqual([]);
  });

  it("says so when the cloud has no such thing", async () => {
    await visitor.page.goto(`${shown.address}#/queues/nothing`);
    const problem = visitor.page.locator("main [role=alert]");
    await expect.poll(() => problem.textContent()).toContain("QueueDoesNotExist");
    await visitor.page.goto(`${shown.address}#/nonsense`);
    await expect.poll(() => problem.textContent()).toContain('no view "nonsense"');
  });
});

describe.skipIf(noBrowser)("an execution", () => {
  it("is drawn, followed as time is forwarded, and tells what each state did", async () => {
    await using it = await consoleCloud({ virtual: false });
    const { machine } = await sampleShop(it);
    await it.post("/machine/start", { arn: machine, name: "large", input: '{"total":500}' });
    await using visitor = await openPage(it.address);
    const { page } = visitor;
    await visitor.visit(executionOf(machine, "large"));
    const state = (name: string) => page.locator(`[data-state="${name}"]`);
    await expect.poll(() => state("Ask a person").getAttribute("aria-label")).toBe("Ask a person, Wait, running");
    expect(await state("Done").getAttribute("aria-label")).toContain("not reached");

    await page.locator(".clock summary").click();
    await page.getByRole("button", { name: "+1 h" }).click();
    await expect.poll(() => state("Done").getAttribute("aria-label"), { timeout: 15_000 }).toContain("succeeded");
    expect(await state("Charge card").getAttribute("aria-label")).toBe("Charge card, Task, error caught, 1 retry");
    expect(await page.locator("main .says .badge").textContent()).toContain("succeeded");

    await page.keyboard.press("Escape");
    await state("Charge card").click();
    const beside = page.locator(".beside");
    await beside.getByRole("heading", { name: "Charge card" }).waitFor();
    expect(await beside.textContent()).toContain("SQS.AmazonSQSException");
    expect(await beside.locator("pre[aria-label=input]").first().textContent()).toContain('"total": 500');
    expect(page.url()).toMatch(/\/Charge%20card$/);
    await page.reload();
    await beside.getByRole("heading", { name: "Charge card" }).waitFor();
    expect(visitor.troubles).toEqual([]);
  });
});

describe.skipIf(noBrowser)("a queue", () => {
  it("is looked into, sent to, and its dead letters are moved back", async () => {
    await using it = await consoleCloud({ virtual: false });
    await sampleShop(it);
    await using visitor = await openPage(it.address);
    const { page } = visitor;
    await visitor.visit("/queues/dead");
    await page.locator(".message-item summary").click();
    expect(await page.locator(".message-item pre").allTextContents()).toEqual([HOSTILE]);
    await page.getByText("Send a message").click();
    await page.getByLabel("Body").fill("second");
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const waiting = page.locator(".facts .large").first();
    await expect.poll(() => waiting.textContent(), { timeout: 5_000 }).toBe("2");
    await page.getByLabel("Choose message").last().check();
    await page.getByRole("button", { name: "Move to orders", exact: true }).click();
    await page.getByText("1 message moved to orders").waitFor();
    await expect.poll(() => page.locator(".message-item").count(), { timeout: 10_000 }).toBe(1);
    await page.getByRole("button", { name: "Move all to orders" }).click();
    await expect.poll(() => waiting.textContent(), { timeout: 10_000 }).toBe("0");
    await page.getByText("✓completed").waitFor();
    expect(visitor.troubles).toEqual([]);
  });
});

describe.skipIf(noBrowser)("whoever has no mouse", () => {
  it("skips to the content, opens the menu and the clock, and closes them again", async () => {
    await using it = await consoleCloud();
    await using visitor = await openPage(it.address, { viewport: { width: 360, height: 780 } });
    const { page } = visitor;
    await visitor.visit("/queues");
    const focused = () => page.evaluate(FOCUSED);
    await page.evaluate("document.activeElement.blur()");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("skip");
    await page.keyboard.press("Enter");
    expect(await focused()).toBe("content");
    expect(page.url()).toContain("#/queues");

    const menu = page.locator("#menu");
    await menu.focus();
    await page.keyboard.press("Enter");
    expect(await menu.getAttribute("aria-expanded")).toBe("true");
    await page.getByRole("link", { name: "Tables" }).focus();
    await page.keyboard.press("Escape");
    expect(await menu.getAttribute("aria-expanded")).toBe("false");
    expect(await focused()).toBe("menu");

    await page.locator(".clock summary").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "+7 d" }).focus();
    await page.keyboard.press("Escape");
    expect(await page.locator("details.clock[open]").count()).toBe(0);
  });

  it("keeps the place when the list changes", async () => {
    await using it = await consoleCloud();
    await it.call("sqs", "CreateQueue", { QueueName: "orders" });
    await using visitor = await openPage(it.address);
    const { page } = visitor;
    await visitor.visit("/queues");
    await page.getByRole("link", { name: "orders" }).focus();
    await it.call("sqs", "CreateQueue", { QueueName: "another" });
    await page.getByRole("link", { name: "another" }).waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("orders");
  });
});

describe.skipIf(noBrowser)("when the cloud does not answer", () => {
  it("the page says so", async () => {
    await using it = await consoleCloud();
    await using visitor = await openPage(it.address);
    await visitor.visit("/queues");
    await it.cloud.stop();
    await visitor.page.getByText("not answering").waitFor();
    expect(await visitor.page.evaluate("document.body.classList.contains('lost')")).toBe(true);
  });
});
