import { GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { invocationsOf, resultOf, sumOf, upload, type Way, WAYS, wayNamed } from "./ways.ts";

let app: LocalApp;
afterEach(() => app[Symbol.asyncDispose]());

/** Deploys with a broken guard. Without the loop breaker in the metadata, the loop is for Lambda and the brake to end. */
async function broken(way: Way, parameters: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await deploy("recursion-guards", {
    parameters: {
      BrokenGuard: way.name,
      MostRounds: "100000",
      MostInvocationsAMinute: "30",
      AlarmEmail: "ops@example.com",
      ...parameters,
    },
  });
  // In the cloud a round takes a second or two; without that no virtual time would pass in a loop, and no alarm would look.
  app.cloud.faults.add({ service: "s3", operation: "GetObject", latencyMs: 2_000, role: "Tidy" });
}
const subjects = () =>
  app.outbox.map(({ subject = "" }) => subject.replace(/^(ALARM|OK): "(?:.*-)?(\w+Alarm).*$/, "$1 $2"));
const concurrencyOf = async ({ functions }: Way) =>
  Promise.all(
    functions.map(async (id) => {
      const request = new GetFunctionConcurrencyCommand({ FunctionName: app.resource(id) });
      return (await app.client(LambdaClient).send(request)).ReservedConcurrentExecutions;
    }),
  );
const errors = async () =>
  (await app.messages("DeadLetters")).map(({ MessageAttributes: all }) => all?.["error"]?.StringValue);

describe("a broken guard", () => {
  it.each(["ledger", "rule"])(
    "by %s, which Lambda does not see, is stopped by the brake and raises the alarm",
    async (name) => {
      const way = wayNamed(name);
      await broken(way, { MostInvocationsAMinute: "10" });
      await upload(app, way, "loop.txt", "a  ");
      await app.advance(300);
      expect(await concurrencyOf(way)).toEqual(way.functions.map(() => 0));
      const stoppedAt = await invocationsOf(app, way);
      expect(stoppedAt).toBeGreaterThan(10);
      // A minute's invocations, and those until the alarm has looked.
      expect(stoppedAt).toBeLessThan(way.functions.length * 90);
      expect(subjects()).toContain(`ALARM ${way.functions.at(-1)}RateAlarm`);
      expect(app.outbox.every(({ to }) => to.includes("ops@example.com"))).toBe(true);

      await app.advance(600);
      expect(await invocationsOf(app, way)).toBe(stoppedAt);
      // The other ways go on.
      const other = wayNamed("two buckets");
      await upload(app, other, "fine.txt", "a  ");
      await app.settle();
      expect((await resultOf(app, other, "fine.txt")).text).toBe("a\n");
    },
  );

  it.each(["metadata"])("by %s is stopped by Lambda after sixteen rounds, and raises the alarm", async (name) => {
    const way = wayNamed(name);
    await broken(way);
    await upload(app, way, "loop.txt", "a  ");
    await app.settle();
    expect(await invocationsOf(app, way)).toBe(16);
    expect(await sumOf(app, way.functions, "RecursiveInvocationsDropped")).toBe(1);
    await app.advance(180);
    expect(subjects()).toEqual(expect.arrayContaining(["ALARM LoopAlarm", "ALARM DeadLettersAlarm"]));
    const [event] = await app.messages("DeadLetters");
    expect(JSON.parse(event?.Body ?? "")).toMatchObject({
      requestPayload: { Records: [{ s3: { object: { key: "loop.txt" } } }] },
    });
  });

  it.each(["ledger", "marker"])("by %s is stopped by the loop breaker after three rounds", async (name) => {
    const way = wayNamed(name);
    await broken(way, { MostRounds: "3" });
    await upload(app, way, "loop.txt", "a  ");
    await app.settle();
    expect((await resultOf(app, way, "loop.txt")).metadata["processing-rounds"]).toBe("3");
    expect(await invocationsOf(app, way)).toBe(4 * way.functions.length);
    expect(await errors()).toEqual(["LoopDetected"]);
  });
});

describe("the brake", () => {
  const way = wayNamed("rule");

  it("holds until a person releases it; nothing is lost meanwhile", async () => {
    app = await deploy("recursion-guards", { parameters: { MostInvocationsAMinute: "10" } });
    for (let number = 0; number < 15; number++) await upload(app, way, `${number}.txt`, "a  ");
    await app.settle();
    await app.advance(180);
    expect(await concurrencyOf(way)).toEqual([0]);
    await upload(app, way, "late.txt", "a  ");
    await app.settle();
    expect((await resultOf(app, way, "late.txt")).text).toBe("a  ");
    const [kept] = await app.messages("DeadLetters");
    expect(await app.invoke("ReleaseBrake", { way: "rule" })).toEqual({ released: ["rule"] });
    expect(await concurrencyOf(way)).toEqual([undefined]);
    // What was kept is sent again by a person.
    const { requestPayload } = JSON.parse(kept?.Body ?? "") as { requestPayload: unknown };
    await app.invoke("TidyAnnounced", requestPayload);
    expect((await resultOf(app, way, "late.txt")).text).toBe("a\n");
  });

  it("is pulled for all ways when functions run too often at once, and all are released", async () => {
    app = await deploy("recursion-guards", { parameters: { MostAtOnce: "2", ReservedConcurrency: "5" } });
    expect(await concurrencyOf(way)).toEqual([5]);
    app.cloud.faults.add({ service: "s3", operation: "GetObject", latencyMs: 20_000, times: 4, role: "TidyAnnounced" });
    await Promise.all([1, 2, 3, 4].map((number) => upload(app, way, `${number}.txt`, "a  ")));
    await app.settle();
    await app.advance(180);
    for (const each of WAYS) expect(await concurrencyOf(each)).toEqual(each.functions.map(() => 0));
    await app.invoke("ReleaseBrake", { way: "all" });
    for (const each of WAYS) expect(await concurrencyOf(each)).toEqual(each.functions.map(() => 5));
  });
});
