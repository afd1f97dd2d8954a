/** The console in a browser. */
import type { BrowserContextOptions } from "playwright-core";
import { openTab, type Visitor as Tab } from "../../testing/browser.ts";

export { browserPath, closeBrowser } from "../../testing/browser.ts";

export interface Visitor extends Tab {
  /** Shows a view, such as `/queues`, and waits until it is there. */
  visit(view: string): Promise<void>;
}

export async function openPage(console: string, options: BrowserContextOptions = {}): Promise<Visitor> {
  const tab = await openTab(options);
  const { page } = tab;
  return {
    ...tab,
    async visit(view) {
      if (page.url().startsWith(console)) {
        // Emptied first, so that the heading waited for is that of the new view.
        const hash = JSON.stringify(`#${view}`);
        await page.evaluate(
          `if (location.hash !== ${hash}) { document.querySelector("main").replaceChildren(); location.hash = ${hash}; }`,
        );
      } else await page.goto(`${console}#${view}`);
      await page.waitForSelector("main h1");
    },
  };
}
