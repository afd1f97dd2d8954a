import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const cases: readonly {
  what: string;
  code: string | Readonly<Record<string, string>>;
  handler?: string;
  runtime?: string;
  errorType: string;
  errorMessage: RegExp;
}[] = [
  {
    what: "an error that the handler throws",
    code: `export const handler = async () => { throw new RangeError("too far"); };`,
    errorType: "RangeError",
    errorMessage: /^too far$/,
  },
  {
    what: "an error with a name of its own",
    code: `class NoSuchOrder extends Error { name = "NoSuchOrder"; } export const handler = () => { throw new NoSuchOrder("17"); };`,
    errorType: "NoSuchOrder",
    errorMessage: /^17$/,
  },
  {
    what: "a thrown text",
    code: `export const handler = async () => { throw "just a text"; };`,
    errorType: "string",
    errorMessage: /^just a text$/,
  },
  {
    what: "an answer that has no JSON",
    code: `export const handler = async () => ({ big: 1n });`,
    errorType: "Runtime.JSONStringifyError",
    errorMessage: /^Unable to stringify response body$/,
  },
  {
    what: "a handler that is not exported",
    code: `export const other = 1;`,
    errorType: "Runtime.HandlerNotFound",
    errorMessage: /^index\.handler is undefined or not exported$/,
  },
  {
    what: "a handler that is no function",
    code: `export const handler = 1;`,
    errorType: "Runtime.HandlerNotFound",
    errorMessage: /^index\.handler is not a function$/,
  },
  {
    what: "a module that is not there",
    code: `export const handler = 1;`,
    handler: "elsewhere.handler",
    errorType: "Runtime.ImportModuleError",
    errorMessage: /^Error: Cannot find module '.*elsewhere'/,
  },
  {
    what: "a handler without a function's name",
    code: `export const handler = 1;`,
    handler: "index",
    errorType: "Runtime.MalformedHandlerName",
    errorMessage: /^Bad handler$/,
  },
  {
    what: "a handler outside of the package",
    code: `export const handler = 1;`,
    handler: "../index.handler",
    errorType: "Runtime.MalformedHandlerName",
    errorMessage: /^'\.\.\/index\.handler' is not a valid handler name/,
  },
  {
    what: "a module with an error in its syntax",
    code: `export const handler = ;`,
    errorType: "Runtime.UserCodeSyntaxError",
    errorMessage: /^SyntaxError: /,
  },
  {
    what: "an error while the module loads",
    code: `throw new TypeError("at start");`,
    errorType: "TypeError",
    errorMessage: /^at start$/,
  },
  {
    what: "a callback in a runtime that has none",
    code: `export const handler = (event, context, callback) => callback(null, 1);`,
    errorType: "Runtime.CallbackHandlerDeprecated",
    errorMessage: /removed support for callback-based function handlers/,
  },
  {
    what: "a promise that is rejected and not looked at",
    code: `export const handler = async () => { Promise.reject(new Error("lost")); await new Promise(() => {}); };`,
    errorType: "Runtime.UnhandledPromiseRejection",
    errorMessage: /^Error: lost$/,
  },
  {
    what: "an error that nobody catches",
    code: `export const handler = async () => { setTimeout(() => { throw new Error("later"); }, 5); await new Promise(() => {}); };`,
    errorType: "Error",
    errorMessage: /^later$/,
  },
  {
    what: "an ended process",
    code: `export const handler = async () => process.exit(3);`,
    errorType: "Runtime.ExitError",
    errorMessage: /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
  },
  {
    what: "a process that ends without a reason",
    code: `export const handler = async () => process.exit();`,
    errorType: "Runtime.ExitError",
    errorMessage: /^RequestId: \S+ Error: Runtime exited without providing a reason$/,
  },
  {
    what: "more memory than there is",
    code: `export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); };`,
    errorType: "Runtime.OutOfMemory",
    errorMessage: /^RequestId: \S+ Error: Runtime exited with error: signal: killed$/,
  },
  {
    what: "an answer of more than 6 MB",
    code: `export const handler = async () => "x".repeat(6_291_555);`,
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: /^Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.$/,
  },
];

describe("a function that fails", () => {
  it.each(cases.map((entry, index) => ({ ...entry, name: `failing-${index}` })))(
    "reports $what",
    async ({ name, code, handler, runtime, errorType, errorMessage }) => {
      await stage.make(name, { code, ...(handler && { handler }), ...(runtime && { runtime }), memory: 128 });
      const { payload, error } = await stage.invoke(name);
      expect(error).toBe("Unhandled");
      expect(payload).toMatchObject({ errorType, errorMessage: expect.stringMatching(errorMessage) });
    },
  );

  it("answers the next invocation all the same, in an environment of its own", async () => {
    await stage.make("phoenix", {
      code: `let runs = 0; export const handler = async (event) => { runs++; if (event.die) process.exit(1); return runs; };`,
    });
    expect((await stage.invoke("phoenix")).payload).toBe(1);
    expect((await stage.invoke("phoenix")).payload).toBe(2);
    expect((await stage.invoke("phoenix", { die: true })).error).toBe("Unhandled");
    expect((await stage.invoke("phoenix")).payload).toBe(1);
  });

  it("has the trace of its own code", async () => {
    await stage.make("traced", {
      code: `function deep() { throw new Error("here"); }\nexport const handler = async () => deep();`,
    });
    const { payload } = await stage.invoke("traced");
    expect(payload).toMatchObject({
      trace: expect.arrayContaining(["Error: here", expect.stringMatching(/at deep .*index\.mjs:1:/)]),
    });
  });
});

describe("a trace of code that was built", () => {
  const source = `\ninterface Order { id: string }\n\nfunction check(order: Order): void {\n  throw new Error("here");\n}\nexport const handler = async (order: Order) => check(order);\n`;
  const built = (sourcemap: "inline" | "external") =>
    transformSync(source, {
      loader: "ts",
      format: "esm",
      minifyWhitespace: true,
      sourcemap,
      sourcefile: "src/orders.ts",
    });

  it.each(
    [
      {
        kind: "beside it",
        files: () => ({
          "index.mjs": `${built("external").code}//# sourceMappingURL=index.mjs.map\n`,
          "index.mjs.map": built("external").map,
        }),
      },
      { kind: "within it", files: () => ({ "index.mjs": built("inline").code }) },
    ].map((each, index) => ({ ...each, name: `built-${index}` })),
  )("leads to the source by a map $kind", async ({ name, files }) => {
    await stage.make(name, { code: files() });
    const { payload } = await stage.invoke(name, { id: "1" });
    const trace = (payload as { trace: readonly string[] }).trace;
    expect(trace[0]).toBe("Error: here");
    expect(trace[1]).toMatch(/^ {4}at check \(.*\/src\/orders\.ts:5:\d+\)$/);
    expect(trace[2]).toMatch(/^ {4}at .*handler.*\/src\/orders\.ts:7:\d+\)$/);
  });

  it("keeps its own places when the map is none", async () => {
    await stage.make("unmapped", {
      code: {
        "index.mjs": `export const handler = async () => { throw new Error("here"); };\n//# sourceMappingURL=gone.map`,
      },
    });
    const { payload } = await stage.invoke("unmapped");
    expect((payload as { trace: readonly string[] }).trace[1]).toMatch(/index\.mjs:1:\d+\)$/);
  });

  it("sees the options of Node that the function was given", async () => {
    await stage.make("options", {
      code: `export const handler = async () => process.env.NODE_OPTIONS;`,
      variables: { NODE_OPTIONS: "--enable-source-maps" },
    });
    expect((await stage.invoke("options")).payload).toBe("--enable-source-maps");
  });
});

describe("a timeout", () => {
  it("ends the function at the second, by the cloud's clock", async () => {
    await stage.make("sleepy", {
      timeout: 3,
      code: `export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));`,
    });
    const began = stage.cloud.clock.now();
    const { payload, log } = await stage.invoke("sleepy");
    expect(stage.cloud.clock.now() - began).toBe(3_000);
    expect(payload).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 3\.00 seconds$/),
    });
    expect(log).toMatch(/Z \S+ Task timed out after 3\.00 seconds\nEND/);
    expect(log).toContain("Status: timeout");
  });

  it("keeps what was logged before", async () => {
    await stage.make("talkative", {
      timeout: 1,
      code: `export const handler = () => { console.log("before"); return new Promise((resolve) => setTimeout(resolve, 5_000)); };`,
    });
    expect((await stage.invoke("talkative")).log).toContain("INFO\tbefore");
  });
});
