/** Lets all apps run for a day of virtual time while calls fail by chance, and says what was lost, what is stuck and what memory did. */
import { appNames, knownApp } from "./cli/apps.ts";
import { type Command, wholeNumber } from "./cli/command.ts";
import { createProgress, paint, table } from "./cli/terminal.ts";
import { ANSWER_LOST, growthOf, MOST_GROWTH, REFUSED, soak, type Soaked } from "./soak/run.ts";

const command: Command = {
  says: "Deploys all apps, or those you name, on one local cloud, feeds each of them every hour while calls of every service fail by chance, and looks at the end whether anything was lost, is stuck, or ate memory.",
  usage: "npm run soak [-- <app> …] [-- --hours <hours>] [--seed <number>] [--json]",
  options: {
    hours: { type: "string", value: "hours", says: "how long, in virtual time (24)" },
    seed: { type: "string", value: "number", says: "which calls fail (1)" },
    json: { type: "boolean", says: "one JSON document on stdout, nothing else" },
  },
  examples: ["npm run soak", "npm run soak -- api-poller --hours 2 --seed 7"],
  async run({ options, words }) {
    const hours = wholeNumber("hours", options["hours"], 24, 1, 24 * 365);
    const seed = wholeNumber("seed", options["seed"], 1, 0, 2 ** 31);
    const apps = words.length > 0 ? words.map(knownApp) : appNames();
    const progress = createProgress();
    const soaked = await soak({ hours, seed, apps, say: (text) => progress.say(text) });
    progress.clear();
    const faults = complaints(soaked);
    if (options["json"] === true) console.log(JSON.stringify({ ...soaked, faults }, undefined, 2));
    else show(soaked, apps, faults);
    return faults.length === 0 ? 0 : 1;
  },
};

export default command;

/** What must not be, in words. */
function complaints(soaked: Soaked): readonly string[] {
  const growth = growthOf(soaked.hours);
  return [
    ...soaked.wrong,
    ...soaked.undone.map((one) => `not done, though all was handed back: ${one}`),
    ...(growth > MOST_GROWTH
      ? [
          `the heap grew by ${percent(growth)} in the second half beyond what is kept, the limit is ${percent(MOST_GROWTH)}`,
        ]
      : []),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function show(soaked: Soaked, apps: readonly string[], faults: readonly string[]): void {
  const { hours, calls, disturbed, invocations, executions, parked, handedIn, recovered, seconds } = soaked;
  const count = (value: number) => value.toLocaleString("en");
  console.log(
    `${hours.length} h of virtual time in ${seconds.toFixed(0)} s: ${apps.length} apps, ${count(handedIn)} pieces of work handed in\n`,
  );
  const step = Math.max(1, Math.round(hours.length / 8));
  const rows = hours
    .filter(({ hour }) => hour % step === 0 || hour === hours.length - 1)
    .map((at) => [
      String(at.hour + 1),
      count(at.calls),
      `${at.keptMegabytes.toFixed(1)} MB`,
      `${at.heapMegabytes.toFixed(1)} MB`,
    ]);
  console.log(table(["hour", "calls", "kept, serialised", "heap after collection"], rows));
  console.log(
    `\n${count(calls)} calls, ${count(disturbed)} of them disturbed (${percent(REFUSED)} refused, ${percent(ANSWER_LOST)} done and their answer lost); ${count(invocations)} invocations`,
  );
  const ends = Object.entries(executions).map(([status, number]) => `${number} ${status}`);
  console.log(`executions: ${ends.join(", ") || "none"}`);
  console.log(`put aside with a reason: ${parked.length}`);
  for (const { queue, reason } of parked.slice(0, 10)) console.log(paint("dim", `  ${queue}: ${reason}`));
  console.log(`handed back at the end: ${recovered.letters} messages, ${recovered.executions} executions`);
  console.log(`heap in the second half, beyond what is kept: ${percent(growthOf(hours))} more`);
  for (const fault of faults) console.log(paint("red", fault));
  if (faults.length === 0) console.log(paint("green", "Nothing was lost, nothing is stuck."));
}
