/** Watches the files of apps and of `shared/`. */
import { watch } from "node:fs";
import { join } from "node:path";
import { APPS, ROOT } from "./apps.ts";

/** Editors save in several steps; what changes within this time is one change. */
const SETTLE_MS = 80;

/** Calls `deploy` for each app whose files changed, and for all of them when `shared/` did. One deployment at a time. */
export function watchApps(apps: readonly string[], deploy: (app: string) => Promise<void>): () => void {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  const work = () => {
    const due = [...changed];
    changed.clear();
    working = working.then(async () => {
      for (const app of due) await deploy(app);
    });
  };
  const note = (names: readonly string[], file: string | null) => {
    if (file !== null && /(^|[\\/])(tests|node_modules|\.aws-sam)[\\/]|\.test\.ts$|~$|\.md$/.test(file)) return;
    for (const name of names) changed.add(name);
    clearTimeout(timer);
    timer = setTimeout(work, SETTLE_MS);
  };
  const watchers = [
    ...apps.map((app) => watch(join(APPS, app), { recursive: true }, (_kind, file) => note([app], file))),
    watch(join(ROOT, "shared"), { recursive: true }, (_kind, file) => note(apps, file)),
  ];
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
