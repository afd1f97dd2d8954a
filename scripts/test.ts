/** Runs the tests, the slow ones only where they are asked for. */
import type { Command } from "./cli/command.ts";
import { runVitest } from "./cli/vitest.ts";

const command: Command = {
  says: "Runs all tests but those of outages, or those whose path contains one of the words.",
  usage: "npm test [-- <path> …] [-- flags of vitest]",
  examples: ["npm test", "npm test -- apps/api-poller", "npm test -- -t 'retention'"],
  passThrough: true,
  run: ({ words }) => runVitest(words, words.some((word) => !word.startsWith("-")) ? {} : { OUTAGES: "none" }),
};

export default command;
