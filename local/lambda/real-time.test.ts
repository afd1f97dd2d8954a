import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage({ virtual: false });
});
afterAll(() => stage[Symbol.asyncDispose]());

describe("a function in real time", () => {
  it("has Node's own timers", async () => {
    await stage.make("native", {
      code: `export const handler = async () => { const t = setTimeout(() => {}, 1); return t.constructor.name + String(setTimeout).includes("native"); };`,
    });
    const began = performance.now();
    await stage.make("waiting", {
      code: `export const handler = async () => { const start = Date.now(); await new Promise((r) => setTimeout(r, 200)); return Date.now() - start; };`,
    });
    expect((await stage.invoke("waiting")).payload).toBeGreaterThanOrEqual(199);
    expect(performance.now() - began).toBeGreaterThanOrEqual(199);
    expect((await stage.invoke("native")).payload).toMatch(/^Timeout/);
  });

  it("follows the clock when a person sets it forward", async () => {
    await stage.make("now", { code: `export const handler = async () => Date.now();` });
    expect(Math.abs(Number((await stage.invoke("now")).payload) - Date.now())).toBeLessThan(5_000);
    await stage.cloud.clock.advance(3_600_000);
    expect(Math.abs(Number((await stage.invoke("now")).payload) - Date.now() - 3_600_000)).toBeLessThan(5_000);
  });

  it("is ended at its timeout even when it does not give way", async () => {
    await stage.make("spinning", { timeout: 1, code: `export const handler = async () => { for (;;); };` });
    const began = performance.now();
    expect((await stage.invoke("spinning")).payload).toMatchObject({ errorType: "Sandbox.Timedout" });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
