import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";

const SDK =
  "const { createRequire } = await import('node:module'); const require = createRequire(process.env.REPOSITORY);";
const variables = { REPOSITORY: import.meta.filename };

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Runs a function body and answers what it returned; the function may take fifteen minutes. */
async function run(body: string, before = ""): Promise<unknown> {
  const name = `virtual-${++runs}`;
  await stage.make(name, {
    timeout: 900,
    memory: 1024,
    variables,
    code: `${before}\nexport const handler = async (event, context) => {${body}};`,
  });
  const { payload, error } = await stage.invoke(name);
  if (error !== undefined) throw new Error(JSON.stringify(payload));
  return payload;
}
let runs = 0;

describe("chance in a function", () => {
  it("is the same from run to run, and another in every environment", async () => {
    const drawn = async () => {
      await using other = await lambdaStage();
      const code = "export const handler = async () => Math.random();";
      const numbers: unknown[] = [];
      for (const name of ["first", "second"]) {
        await other.make(name, { code });
        numbers.push((await other.invoke(name)).payload);
      }
      return numbers;
    };
    const numbers = await drawn();
    expect(await drawn()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(2);
  });
});

describe("time in a function", () => {
  it("is that of the cloud", async () => {
    const now = stage.cloud.clock.now();
    expect(
      await run(
        `return [Date.now(), new Date().getTime(), Date.parse(Date()), typeof new Date().toISOString(), new Date(5).getTime(), new Date() instanceof Date]`,
      ),
    ).toEqual([now, now, now, "string", 5, true]);
  });

  it.each([
    ["setTimeout", `await new Promise((r) => setTimeout(r, 60_000));`],
    ["timers/promises", `await (await import("node:timers/promises")).setTimeout(60_000);`],
    ["scheduler.wait", `await (await import("node:timers/promises")).scheduler.wait(60_000);`],
    ["promisify", `await (await import("node:util")).promisify(setTimeout)(60_000);`],
    [
      "setInterval",
      `await new Promise((r) => { let n = 0; const t = setInterval(() => { if (++n === 6) { clearInterval(t); r(); } }, 10_000); });`,
    ],
    [
      "an interval of timers/promises",
      `let n = 0; for await (const _ of (await import("node:timers/promises")).setInterval(10_000)) if (++n === 6) break;`,
    ],
    ["AbortSignal.timeout", `await new Promise((r) => AbortSignal.timeout(60_000).addEventListener("abort", r));`],
    [
      "a timer that is refreshed",
      `await new Promise((r) => { const t = setTimeout(r, 40_000); setTimeout(() => t.refresh(), 20_000); });`,
    ],
  ])("jumps over %s", async (_what, body) => {
    const began = performance.now();
    expect(await run(`const start = Date.now(); ${body} return Date.now() - start;`)).toBe(60_000);
    expect(performance.now() - began).toBeLessThan(50_000);
  });

  it("fires timers in the order in which they are due, and none too early", async () => {
    const body = `
      const seen = [];
      const late = setTimeout(() => seen.push("late"), 300 * 60_000);
      await Promise.all([30, 10, 20, 10].map((s, i) => new Promise((r) => setTimeout(() => { seen.push([s, i, Date.now() - start]); r(); }, s * 1000))));
      clearTimeout(late);
      return seen;`;
    expect(await run(`const start = Date.now(); ${body}`)).toEqual([
      [10, 1, 10_000],
      [10, 3, 10_000],
      [20, 2, 20_000],
      [30, 0, 30_000],
    ]);
  });

  it("lets what a timer has set off go on before the next timer", async () => {
    const body = `
      const seen = [];
      setTimeout(async () => { seen.push("a"); await null; await null; seen.push("a, later"); }, 1000);
      await new Promise((r) => setTimeout(() => { seen.push("b"); r(); }, 1000));
      return seen;`;
    expect(await run(body)).toEqual(["a", "a, later", "b"]);
  });

  it("is aborted with its signal", async () => {
    expect(
      await run(`
        const c = new AbortController();
        setTimeout(() => c.abort(), 5_000);
        const start = Date.now();
        return (await import("node:timers/promises")).setTimeout(60_000, 0, { signal: c.signal }).catch((e) => [e.name, Date.now() - start]);`),
    ).toEqual(["AbortError", 5_000]);
  });

  it("makes performance.now go on with it", async () => {
    const elapsed = await run(
      `const start = performance.now(); await new Promise((r) => setTimeout(r, 60_000)); return performance.now() - start;`,
    );
    expect(elapsed).toBeGreaterThanOrEqual(60_000);
    expect(elapsed).toBeLessThan(70_000);
  });
});

describe("time stands still", () => {
  const guarded = (work: string) => `
    let fired = false;
    const guard = setTimeout(() => { fired = true; }, 600_000);
    ${work}
    clearTimeout(guard);
    return fired;`;
  it.each([
    [
      "compresses",
      `await (await import("node:util")).promisify((await import("node:zlib")).gzip)(Buffer.alloc(3e7, "ab"));`,
    ],
    [
      "derives a key",
      `await (await import("node:util")).promisify((await import("node:crypto")).pbkdf2)("a", "b", 300_000, 64, "sha512");`,
    ],
    ["hashes with WebCrypto", `await crypto.subtle.digest("SHA-256", new Uint8Array(5e7));`],
    [
      "reads files",
      `for (let i = 0; i < 20; i++) await (await import("node:fs/promises")).readFile(process.env.REPOSITORY);`,
    ],
    [
      "turns a picture",
      `${SDK} await require("sharp")({ create: { width: 3000, height: 3000, channels: 3, background: "red" } }).rotate(10).jpeg().toBuffer();`,
    ],
    ["gives way to the loop", `for (let i = 0; i < 50; i++) await new Promise((r) => setImmediate(r));`],
    ["compiles WebAssembly", `await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));`],
    [
      "starts a process",
      `await (await import("node:util")).promisify((await import("node:child_process")).execFile)(process.execPath, ["-e", "setTimeout(()=>{},100)"]);`,
    ],
    [
      "waits for a server of its own",
      `const net = await import("node:net");
       const server = net.createServer((s) => { s.on("data", () => { const t = performance.now(); while (performance.now() - t < 30); s.end("x"); }); });
       await new Promise((r) => server.listen(0, "127.0.0.1", r));
       await new Promise((r) => net.connect(server.address().port, "127.0.0.1").on("connect", function () { this.write("q"); }).on("data", () => {}).on("close", r));
       server.close();`,
    ],
  ])("while a function %s", async (_what, work) => {
    expect(await run(guarded(work))).toBe(false);
  });

  it("even when the deadline is guarded by a timer, as middy does", async () => {
    const body = `
      const early = new Promise((_, reject) => setTimeout(() => reject(new Error("too late")), context.getRemainingTimeInMillis() - 5));
      const work = crypto.subtle.digest("SHA-256", new Uint8Array(5e7)).then(() => new Promise((r) => setTimeout(() => r("done"), 60_000)));
      return Promise.race([early, work]);`;
    expect(await run(body)).toBe("done");
  });
});

describe("a function that waits for another service", () => {
  it("lets a long poll take its twenty seconds", async () => {
    const body = `
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "poll" }));
      const start = Date.now();
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      return [Date.now() - start, Messages ?? null];`;
    const before = `${SDK} const { SQSClient, CreateQueueCommand, ReceiveMessageCommand } = require("@aws-sdk/client-sqs"); const sqs = new SQSClient({});`;
    expect(await run(body, before)).toEqual([20_000, null]);
  });

  it("is woken by a message that another function sends meanwhile", async () => {
    const before = `${SDK} const { SQSClient, CreateQueueCommand, SendMessageCommand, ReceiveMessageCommand } = require("@aws-sdk/client-sqs"); const sqs = new SQSClient({});`;
    await stage.make("sender", {
      timeout: 900,
      variables,
      code: `${before} export const handler = async ({ QueueUrl }) => { await new Promise((r) => setTimeout(r, 7_000)); await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hi" })); };`,
    });
    const body = `
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "wake" }));
      const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
      await new LambdaClient({}).send(new InvokeCommand({ FunctionName: "sender", InvocationType: "Event", Payload: JSON.stringify({ QueueUrl }) }));
      const start = Date.now();
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      return [Date.now() - start, Messages[0].Body];`;
    expect(await run(body, before)).toEqual([7_000, "hi"]);
  });

  it("waits as long as the function that it calls, however deep", async () => {
    const call = (
      next: string,
    ) => `${SDK} const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda"); const lambda = new LambdaClient({});
      export const handler = async () => { await new Promise((r) => setTimeout(r, 1_000)); const answer = await lambda.send(new InvokeCommand({ FunctionName: "${next}" })); return JSON.parse(answer.Payload.transformToString()) + 1; };`;
    await stage.make("deep-3", {
      timeout: 900,
      code: `export const handler = async () => { await new Promise((r) => setTimeout(r, 600_000)); return 0; };`,
    });
    await stage.make("deep-2", { timeout: 900, variables, code: call("deep-3") });
    await stage.make("deep-1", { timeout: 900, variables, code: call("deep-2") });
    const began = stage.cloud.clock.now();
    expect((await stage.invoke("deep-1")).payload).toBe(2);
    expect(stage.cloud.clock.now() - began).toBe(602_000);
  });

  it("gives up a request after its own time", async () => {
    const body = `
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "abandoned" }));
      const start = Date.now();
      const error = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: AbortSignal.timeout(3_000) }).catch((e) => e.name);
      await new Promise((r) => setTimeout(r, 1_000));
      return [error, Date.now() - start];`;
    const before = `${SDK} const { SQSClient, CreateQueueCommand, ReceiveMessageCommand } = require("@aws-sdk/client-sqs"); const sqs = new SQSClient({});`;
    expect(await run(body, before)).toEqual(["AbortError", 4_000]);
  });

  it("may use fetch without a signature", async () => {
    const { CreateFunctionUrlConfigCommand, AddPermissionCommand } = await import("@aws-sdk/client-lambda");
    await stage.make("page", {
      timeout: 900,
      code: `export const handler = async () => { await new Promise((r) => setTimeout(r, 30_000)); return "page"; };`,
    });
    const { FunctionUrl } = await stage.client.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: "page", AuthType: "NONE" }),
    );
    await stage.client.send(
      new AddPermissionCommand({
        FunctionName: "page",
        StatementId: "all",
        Action: "lambda:InvokeFunctionUrl",
        Principal: "*",
        FunctionUrlAuthType: "NONE",
      }),
    );
    expect(
      await run(
        `const start = Date.now(); const r = await fetch("${FunctionUrl}"); return [r.status, await r.text(), Date.now() - start];`,
      ),
    ).toEqual([200, "page", 30_000]);
  });
});
