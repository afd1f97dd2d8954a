/** Uploads a text by each of six ways and counts what that started; then breaks two guards and lets the loops run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { deploy, type Demo, type LocalApp, type Stage } from "#local/testing";
import { invocationsOf, resultOf, sumOf, upload, type Way, WAYS, wayNamed } from "./tests/ways.ts";

const UPLOADS = 3;
const list = readFileSync(join(import.meta.dirname, "samples/packing-list.txt"), "utf8");

const demo: Demo = async (stage) => {
  await guarded(stage);
  await stage.path();
  stage.step("now stacks beside it whose guard is broken on purpose, and whose loop breaker in the metadata is off");
  await stoppedByLambda(stage);
  await stoppedByBrake(stage, wayNamed("ledger"));
};

export default demo;

async function guarded(stage: Stage): Promise<void> {
  stage.input(`packing-list.txt, ${UPLOADS} times by each way, untidy as it is:`, JSON.stringify(list));
  for (const way of WAYS)
    for (let number = 1; number <= UPLOADS; number++) await upload(stage.app, way, `trips/list ${number}.txt`, list);
  await stage.app.settle();
  const rows = [row("way", "uploads", "invocations", "stated", "rounds")];
  for (const way of WAYS) {
    const made = await invocationsOf(stage.app, way);
    const { metadata } = await resultOf(stage.app, way, "trips/list 1.txt");
    const stated = way.stated * UPLOADS;
    rows.push(row(way.name, UPLOADS, made, stated, metadata["processing-rounds"] ?? "0"));
    // New rows of the ledger may reach the processor several at once: fewer invocations, never more.
    stage.check(`${way.name} leads to ${stated} invocations and to no more`, made > 0 && made <= stated);
  }
  const first = WAYS.map((way) => resultOf(stage.app, way, "trips/list 1.txt"));
  const texts = new Set((await Promise.all(first)).map(({ text }) => text));
  stage.check("all ways have the same result", texts.size === 1);
  stage.result("what the uploads started", rows);
  stage.result("the result of each", [...texts].join("").trimEnd().split("\n"));
}

async function stoppedByLambda(stage: Stage): Promise<void> {
  const way = wayNamed("metadata");
  const app = await broken(stage, way);
  await upload(app, way, "loop.txt", list);
  await app.settle();
  const made = await invocationsOf(app, way);
  const dropped = await sumOf(app, way.functions, "RecursiveInvocationsDropped");
  stage.check("Lambda ends a loop through S3 after sixteen rounds", made === 16 && dropped === 1);
  stage.result(`${way.name}, broken: one upload, ${made} invocations, then Lambda itself ended the loop`);
}

async function stoppedByBrake(stage: Stage, way: Way): Promise<void> {
  const app = await broken(stage, way);
  // As long as a round takes in the cloud; without it the virtual clock would stand still in a loop.
  const slow = app.cloud.faults.add({ service: "s3", operation: "GetObject", latencyMs: 1_000, role: "Tidy" });
  const mailsBefore = app.outbox.length;
  await upload(app, way, "loop.txt", list);
  await app.advance(240);
  const made = await invocationsOf(app, way);
  const limits = way.functions.map(async (id) => {
    const request = new GetFunctionConcurrencyCommand({ FunctionName: app.resource(id) });
    return (await app.client(LambdaClient).send(request)).ReservedConcurrentExecutions;
  });
  const isStopped = (await Promise.all(limits)).every((limit) => limit === 0);
  await app.advance(120);
  slow.remove();
  stage.check(`the brake stops ${way.name}, which Lambda does not see`, isStopped && made > 16);
  stage.check("nothing runs while the brake holds", (await invocationsOf(app, way)) === made);
  const mails = app.outbox.slice(mailsBefore).filter(({ subject = "" }) => subject.includes("RateAlarm"));
  stage.check("the alarm is mailed", mails.length > 0);
  stage.result(
    `${way.name}, broken: one upload, ${made} invocations within two minutes, then the brake`,
    mails.map(({ to, subject = "" }) => `mail to ${to.join()}: ${subject}`),
  );
  await app.invoke("ReleaseBrake", { way: way.name });
}

/** A stack of its own on the same cloud: stacks of one app do not get into each other's way. */
const broken = (stage: Stage, way: Way): Promise<LocalApp> =>
  deploy("recursion-guards", {
    cloud: stage.app.cloud,
    stackName: `broken-${way.name}`,
    parameters: {
      BrokenGuard: way.name,
      MostRounds: "100000",
      MostInvocationsAMinute: "30",
      AlarmEmail: "ops@example.com",
    },
  });

const row = (...cells: readonly (string | number)[]): string =>
  cells.map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(12))).join("");
