import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "../core/principal.ts";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
});
afterAll(() => stage[Symbol.asyncDispose]());
/** Invoked from within: no request is signed, sent and read for it, and no limit of an SDK client's fifty connections is met. */
const invokeWithin = (FunctionName: string, event: object = {}) =>
  stage.cloud.call("lambda", "Invoke", { FunctionName, Payload: Buffer.from(JSON.stringify(event)) }, ACCOUNT);
const HELLO = `let runs = 0; export const handler = async (event) => { if (event.sleep) await new Promise((r) => setTimeout(r, event.sleep)); return ++runs; };`;

describe("execution environments", () => {
  it("run a hundred invocations at a time, each alone in its own", async () => {
    await stage.make("wide", { code: HELLO, timeout: 60 });
    const began = stage.cloud.clock.now();
    const calls = Array.from({ length: 100 }, () => invokeWithin("wide", { sleep: 20_000 }));
    const answers = await stage.cloud.clock.waiting(Promise.all(calls));
    expect(new Set(answers.map(({ Payload }) => Payload?.transformToString()))).toEqual(new Set(["1"]));
    expect(stage.cloud.clock.now() - began).toBe(20_000);
  }, 60_000);

  it("are used again by many short invocations, rather than started for each", async () => {
    await stage.make("short", { code: HELLO });
    const answers = await Promise.all(Array.from({ length: 300 }, () => stage.invoke("short")));
    expect(answers.filter(({ payload }) => payload === 1).length).toBeLessThan(100);
  });

  it("end when they have been idle for long", async () => {
    await stage.make("idle", { code: HELLO });
    expect((await stage.invoke("idle")).payload).toBe(1);
    await stage.cloud.clock.advance(60 * 60_000);
    expect((await stage.invoke("idle")).payload).toBe(2);
    await stage.cloud.clock.advance(150 * 60_000);
    expect((await stage.invoke("idle")).payload).toBe(1);
  });

  it("leave nothing behind over thousands of invocations", async () => {
    await stage.make("often", { code: HELLO });
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let count = 0; count < 700; count++) await stage.cloud.clock.waiting(invokeWithin("often"));
      globalThis.gc?.();
      sizes.push(process.memoryUsage().heapUsed);
    }
    expect((await stage.invoke("often")).payload).toBe(2101);
    // Logs and metrics are kept; environments and timers are not.
    expect((sizes[2] ?? 0) - (sizes[0] ?? 0)).toBeLessThan(60 * 1024 * 1024);
  }, 60_000);
});
