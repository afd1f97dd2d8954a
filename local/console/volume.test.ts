import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../core/principal.ts";
import { browserPath, closeBrowser, openPage, type Visitor } from "./testing/browser.ts";
import { type ConsoleCloud, consoleCloud } from "./testing/console-cloud.ts";

/** A person takes half a second for a pause; the machine that runs this may be busy. */
const MOST_MS = 1_500;

/** Keeps the longest time for which the page could not answer a key. */
const OBSERVE = `window.longest = 0; new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
}).observe({ type: "longtask" })`;

describe.skipIf(browserPath === undefined)("the page does not freeze at", () => {
  let shown: ConsoleCloud;
  let visitor: Visitor;
  beforeAll(async () => {
    shown = await consoleCloud();
    visitor = await openPage(shown.address);
    await visitor.visit("/");
    await visitor.page.evaluate(OBSERVE);
  });
  afterAll(async () => {
    await visitor?.[Symbol.asyncDispose]();
    await shown?.[Symbol.asyncDispose]();
    await closeBrowser();
  });
  const rows = (selector = "main tbody tr") => visitor.page.locator(selector).count();
  const longest = () => visitor.page.evaluate<number>("window.longest");

  it("a bucket of 100,000 objects", async () => {
    await shown.call("s3", "CreateBucket", { Bucket: "many" });
    for (let i = 0; i < 100_000; i++)
      await shown.cloud.call("s3", "PutObject", { Bucket: "many", Key: `object-${i}`, Body: "" }, ACCOUNT);
    await visitor.visit("/buckets/many");
    expect(await rows()).toBe(200);
    await visitor.page.getByRole("button", { name: "More" }).click();
    await expect.poll(() => rows()).toBe(400);
    expect(await longest()).toBeLessThan(MOST_MS);
  }, 120_000);

  it("a log of a megabyte, with a line of 200 kB", async () => {
    await shown.call("logs", "CreateLogGroup", { logGroupName: "/long" });
    await shown.call("logs", "CreateLogStream", { logGroupName: "/long", logStreamName: "s" });
    const from = shown.cloud.clock.now() - 20_000;
    const messages = Array.from({ length: 9_000 }, (_, i) =>
      i === 8_999
        ? `last ${"x".repeat(200_000)}`
        : JSON.stringify({ level: "INFO", message: `line ${i}`, more: "word ".repeat(10) }),
    );
    for (let i = 0; i < messages.length; i += 3_000)
      await shown.call("logs", "PutLogEvents", {
        logGroupName: "/long",
        logStreamName: "s",
        logEvents: messages.slice(i, i + 3_000).map((message, j) => ({ timestamp: from + i + j, message })),
      });
    await visitor.visit("/logs/%2Flong");
    await expect.poll(() => rows(".log .line")).toBe(400);
    await visitor.page.getByRole("button", { name: "Older lines" }).click();
    // The oldest line shown is read again, for others of its millisecond.
    await expect.poll(() => rows(".log .line")).toBe(799);
    await visitor.page.getByLabel("Filter lines").fill("line 8998");
    await expect.poll(() => visitor.page.locator(".log .message").allTextContents()).toEqual(["line 8998"]);
    expect(await longest()).toBeLessThan(MOST_MS);
  });

  it("an execution of 5,000 events", async () => {
    await shown.call("iam", "CreateRole", {
      RoleName: "runs",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const One = { Type: "Pass", Next: "Two" };
    const Two = { Type: "Pass", End: true };
    const { stateMachineArn = "" } = await shown.call("states", "CreateStateMachine", {
      name: "many",
      definition: JSON.stringify({
        StartAt: "Each",
        States: { Each: { Type: "Map", ItemProcessor: { StartAt: "One", States: { One, Two } }, End: true } },
      }),
      roleArn: `arn:aws:iam::${shown.cloud.accountId}:role/runs`,
    });
    const input = JSON.stringify(Array.from({ length: 850 }, (_, i) => ({ i })));
    const { arn } = await shown.post<{ arn: string }>("/machine/start", { arn: stateMachineArn, input });
    await shown.cloud.clock.settle();
    await visitor.visit(`/execution/${encodeURIComponent(arn)}/Two`);
    await expect
      .poll(() => visitor.page.locator('[data-state="Two"]').getAttribute("aria-label"))
      .toBe("Two, Pass, succeeded, 850×");
    expect(await rows()).toBe(100);
    expect(await rows(".beside .visit")).toBe(19);
    await visitor.page.getByRole("button", { name: "More visits" }).click();
    await expect.poll(() => rows(".beside .visit")).toBe(39);
    expect(await longest()).toBeLessThan(MOST_MS);
  });
});
