/** Measures, each figure as a ratio against what one would use instead or against its budget. */
import { localCloud } from "./bench/local-cloud.ts";
import { measureLineRemoval } from "./bench/line-removal.ts";
import { excesses, measureMiddleware, tableOf } from "./bench/middleware.ts";
import { measureSearch } from "./bench/metadata-search.ts";
import { measureTransitions } from "./bench/state-transitions.ts";
import { measureTextDifference } from "./bench/text-difference.ts";
import { type Command, Misuse } from "./cli/command.ts";
import { paint, table } from "./cli/terminal.ts";

export interface Result {
  readonly title: string;
  readonly shown: string;
  readonly figures: unknown;
  /** Budgets that are exceeded, in words. */
  readonly over: readonly string[];
}

const times = (ratio: number | undefined): string =>
  ratio === undefined ? "did not end in 10 s" : `${ratio.toFixed(1)} x`;

const BENCHES: Readonly<Record<string, () => Promise<Result> | Result>> = {
  middleware: async () => {
    const costs = await measureMiddleware();
    return {
      title: "What the middleware adds to a function (budgets: 800 kB, start 1.6 x, warm 200 µs)",
      shown: tableOf(costs),
      figures: costs,
      over: costs.flatMap(excesses),
    };
  },
  "text-difference": () => {
    const figures = measureTextDifference();
    const rows = figures.map(({ input, ownMs, againstWords, againstLines }) => [
      input,
      `${ownMs.toFixed(1)} ms`,
      times(againstWords),
      times(againstLines),
    ]);
    return {
      title: "Differences of texts: how much longer the diff package takes",
      shown: table(["input", "ours", "diffWordsWithSpace", "diffLines"], rows),
      figures,
      over: [],
    };
  },
  "line-removal": async () => {
    const figures = await measureLineRemoval();
    return {
      title: "Lines removed from NDJSON (budget of the stream: 200 MB of memory)",
      shown: table(
        ["how", "MB", "MB/s", "peak MB"],
        figures.map(({ method, megabytes, perSecond, peakMegabytes, error }) => [
          method,
          String(megabytes),
          perSecond === undefined ? (error ?? "not done") : perSecond.toFixed(0),
          Number.isNaN(peakMegabytes) ? "" : peakMegabytes.toFixed(0),
        ]),
      ),
      figures,
      over: figures
        .filter(({ method, peakMegabytes }) => method === "streamed" && !(peakMegabytes <= 200))
        .map(({ peakMegabytes }) => `streamed: ${peakMegabytes.toFixed(0)} MB of memory, the budget is 200`),
    };
  },
  "local-cloud": localCloud,
  "metadata-search": async () => {
    const figures = await measureSearch();
    const { indexed, found, searchMs, scannedMegabytes, asked, listAndHeadMs, ratio } = figures;
    const whole = (value: number) => Math.round(value).toLocaleString("en");
    return {
      title: `A search among ${whole(indexed)} objects against listing and asking them (budget: 20 times as fast)`,
      shown: table(
        ["way", "time", "what it read"],
        [
          ["SearchObjects, by Athena", `${whole(searchMs)} ms`, `${scannedMegabytes.toFixed(1)} MB, ${found} found`],
          ["LIST and HEAD, 50 at a time", `${whole(listAndHeadMs)} ms`, `${whole(asked)} objects asked, in proportion`],
          ["ratio", `${whole(ratio)} x`, ""],
        ],
      ),
      figures,
      over: ratio < 20 ? [`metadata-search: ${ratio.toFixed(1)} times as fast, the budget is 20`] : [],
    };
  },
  "state-transitions": async () => {
    const figures = await measureTransitions();
    const least = { JSONPath: 20_000, JSONata: 5_000 };
    return {
      title: "State transitions per second (budgets: 20,000 in JSONPath, 5,000 in JSONata)",
      shown: table(
        ["language", "transitions/s"],
        figures.map(({ language, perSecond }) => [language, perSecond.toLocaleString("en")]),
      ),
      figures,
      over: figures
        .filter(({ language, perSecond }) => perSecond < least[language])
        .map(({ language, perSecond }) => `${language}: ${perSecond} transitions/s, the budget is ${least[language]}`),
    };
  },
};

const command: Command = {
  says: "Measures the middleware, the differences of texts, the removal of lines, the local Step Functions and the local cloud, the latter against moto. Exits 1 when a budget is exceeded.",
  usage: `npm run bench [-- <${Object.keys(BENCHES).join("|")}> …] [-- --json]`,
  options: { json: { type: "boolean", says: "one JSON document on stdout, nothing else" } },
  async run({ options, words }) {
    const names = words.length > 0 ? words : Object.keys(BENCHES);
    const results: Record<string, Result> = {};
    for (const name of names) {
      const measure = BENCHES[name];
      if (!measure) throw new Misuse(`There is no bench "${name}". Benches: ${Object.keys(BENCHES).join(", ")}`);
      const result = await measure();
      results[name] = result;
      if (options["json"] === true) continue;
      console.log(`\n${paint("bold", result.title)}\n\n${result.shown}`);
      for (const line of result.over) console.log(paint("red", line));
    }
    if (options["json"] === true)
      console.log(
        JSON.stringify(
          Object.fromEntries(Object.entries(results).map(([name, { figures, over }]) => [name, { figures, over }])),
          undefined,
          2,
        ),
      );
    return Object.values(results).every(({ over }) => over.length === 0) ? 0 : 1;
  },
};

export default command;
