/** Chromium without a window, for tests of pages. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** CHROMIUM_PATH, or the first browser in PATH; undefined when there is none. */
export const browserPath: string | undefined = [
  process.env["CHROMIUM_PATH"] ?? "",
  ...(process.env["PATH"] ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find((path) => path !== "" && isExecutable(path));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong on the page: errors, refused resources, dialogs that no test asked for. */
  readonly troubles: readonly string[];
}

let shared: Promise<Browser> | undefined;

/** An empty page. One browser serves all tests of a file; call `closeBrowser` after them. */
export async function openTab(options: BrowserContextOptions = {}): Promise<Visitor> {
  shared ??= chromium.launch({ executablePath: browserPath ?? "", args: FLAGS });
  const context = await (await shared).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const troubles: string[] = [];
  page.on("pageerror", (error) => void troubles.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  return { page, troubles, [Symbol.asyncDispose]: () => context.close() };
}

export async function closeBrowser(): Promise<void> {
  await (await shared)?.close();
  shared = undefined;
}
