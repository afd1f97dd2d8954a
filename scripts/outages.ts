/** Lets each call that an app makes fail for most of an hour, and sees that nothing was lost. */
import { knownApp } from "./cli/apps.ts";
import type { Command } from "./cli/command.ts";
import { runVitest } from "./cli/vitest.ts";

const THOROUGH = "--thorough";

const command: Command = {
  says: "Runs the tests of outages of all apps, or of those you name: each call that an app makes for the work in its tests/work.ts fails for most of an hour, then all must be done. A call fails in the first task that makes it, with --thorough in each.",
  usage: "npm run outages [-- <app> …] [--thorough] [-- --flag=value of vitest …]",
  examples: ["npm run outages", "npm run outages -- api-poller --thorough"],
  passThrough: true,
  run({ words }) {
    const apps = words.filter((word) => !word.startsWith("-")).map(knownApp);
    const files = apps.length > 0 ? apps.map((app) => `apps/${app}/tests/outages.test.ts`) : ["tests/outages.test.ts"];
    const flags = words.filter((word) => word.startsWith("-") && word !== THOROUGH);
    return runVitest([...files, ...flags], words.includes(THOROUGH) ? { OUTAGES: "all" } : {});
  },
};

export default command;
