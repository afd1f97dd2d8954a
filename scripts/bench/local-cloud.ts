/** The local cloud against moto_server, and against its own budgets. */
import { table } from "../cli/terminal.ts";
import type { Result } from "../bench.ts";
import { type Against, measureAgainstMoto } from "./local-cloud/against-moto.ts";
import { measureBurst, measureDeployments, measureLatency, measureStart } from "./local-cloud/alone.ts";

const LEAST_RATIO = 5;
const MOST = { startMs: 500, deployMs: 3_000, latencyMs: 20 };

export async function localCloud(): Promise<Result> {
  const startMs = await measureStart();
  const deployed = measureDeployments();
  const latencyMs = await measureLatency();
  const burst = await measureBurst();
  const against = await measureAgainstMoto();
  const compared = typeof against === "string" ? [] : against;
  const rows = [
    ["an empty cloud, to its first answer", milliseconds(startMs), milliseconds(MOST.startMs)],
    [`${deployed.apps} apps deployed on one cloud`, milliseconds(deployed.milliseconds), milliseconds(MOST.deployMs)],
    ["from an upload to a warm function, median", milliseconds(latencyMs), milliseconds(MOST.latencyMs)],
    [
      `${burst.uploads.toLocaleString("en")} uploads through a queue into a function`,
      `${Math.round(burst.uploads / burst.seconds)} a second, ${burst.lost} lost`,
      "0 lost",
    ],
  ];
  const over = [
    ...(startMs > MOST.startMs ? [`start: ${milliseconds(startMs)}, the budget is ${milliseconds(MOST.startMs)}`] : []),
    ...(deployed.milliseconds > MOST.deployMs
      ? [`all apps: ${milliseconds(deployed.milliseconds)}, the budget is ${milliseconds(MOST.deployMs)}`]
      : []),
    ...(latencyMs > MOST.latencyMs
      ? [`upload to function: ${milliseconds(latencyMs)}, the budget is ${milliseconds(MOST.latencyMs)}`]
      : []),
    ...(burst.lost > 0 ? [`${burst.lost} of ${burst.uploads} uploads were not processed`] : []),
    ...compared
      .filter(({ ratio }) => ratio < LEAST_RATIO)
      .map(
        ({ operation, ratio }) =>
          `${operation}: ${ratio.toFixed(1)} times as fast as moto, the budget is ${LEAST_RATIO}`,
      ),
  ];
  return {
    title: `The local cloud, by itself and against moto_server (budget: ${LEAST_RATIO} times as fast)`,
    shown: [
      table(["by itself", "measured", "budget"], rows),
      typeof against === "string" ? `Not compared with moto: ${against}` : comparison(against),
    ].join("\n\n"),
    figures: { startMs, deployed, latencyMs, burst, against },
    over,
  };
}

const milliseconds = (value: number): string => `${Math.round(value).toLocaleString("en")} ms`;

const comparison = (against: readonly Against[]): string =>
  table(
    ["waiting for an answer", "local", "moto", "ratio"],
    against.map(({ operation, localMs, motoMs, ratio }) => [
      operation,
      `${localMs.toFixed(2)} ms`,
      `${motoMs.toFixed(2)} ms`,
      `${ratio.toFixed(1)} x`,
    ]),
  );
