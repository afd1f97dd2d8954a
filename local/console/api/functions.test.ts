import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { type ConsoleCloud, consoleCloud } from "../testing/console-cloud.ts";

const APPS = join(import.meta.dirname, "../../../apps");

/** A stack with one function, whose code is in the template. */
async function withFunction(code: string): Promise<{ it: ConsoleCloud; name: string }> {
  const it = await consoleCloud();
  const stack = await it.stacks.deploy({
    name: "tiny",
    body: JSON.stringify({
      Resources: {
        Role: {
          Type: "AWS::IAM::Role",
          Properties: {
            AssumeRolePolicyDocument: {
              Version: "2012-10-17",
              Statement: [
                { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
              ],
            },
            ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"],
          },
        },
        Greet: {
          Type: "AWS::Lambda::Function",
          Properties: {
            Runtime: "nodejs24.x",
            Handler: "index.handler",
            Role: { "Fn::GetAtt": ["Role", "Arn"] },
            Code: { ZipFile: code },
            Environment: { Variables: { GREETING: "Hello" } },
          },
        },
      },
    }),
  });
  return { it, name: stack.resources["Greet"]?.physicalId ?? "" };
}

describe("a function", () => {
  it("is shown, invoked, and tells what it logged and how it went", async () => {
    const { it, name } = await withFunction(
      "exports.handler = async ({ to }) => { console.log('greeting', to); return process.env.GREETING + ' ' + to; };",
    );
    await using _ = it;
    expect(await it.get("/functions")).toMatchObject({ functions: [{ name, owner: { logicalId: "Greet" } }] });
    const answer = await it.post("/function/invoke", { name, event: '{"to":"Ada"}' });
    expect(answer).toMatchObject({ status: 200, payload: '"Hello Ada"' });
    expect(answer).not.toHaveProperty("error");
    const shown = await it.get<{ logGroup: string }>("/function", { name });
    expect(shown).toMatchObject({
      handler: "index.handler",
      environment: { GREETING: "Hello" },
      invocations: [{ failed: false, coldStart: true }],
      samples: [],
    });
    const { lines } = await it.get<{ lines: { text: string }[] }>("/logs", { group: shown.logGroup, text: "greeting" });
    expect(lines[0]?.text).toContain("Ada");
  });

  it("that throws shows its error", async () => {
    const { it, name } = await withFunction("exports.handler = async () => { throw new RangeError('too far'); };");
    await using _ = it;
    const answer = await it.post<{ error: string; payload: string }>("/function/invoke", { name, event: "{}" });
    expect(answer.error).toBe("Unhandled");
    expect(JSON.parse(answer.payload)).toMatchObject({ errorType: "RangeError", errorMessage: "too far" });
    expect(await it.get("/function", { name })).toMatchObject({ invocations: [{ failed: true }] });
  });

  it("is invoked asynchronously too", async () => {
    const { it, name } = await withFunction("exports.handler = async () => {};");
    await using _ = it;
    expect(await it.post("/function/invoke", { name, event: "{}", type: "Event" })).toMatchObject({ status: 202 });
    await it.cloud.clock.settle();
    expect(await it.get("/function", { name })).toMatchObject({ invocations: [{ failed: false }] });
  });

  it("takes only JSON, and must be there", async () => {
    const { it, name } = await withFunction("exports.handler = async () => {};");
    await using _ = it;
    await expect(it.post("/function/invoke", { name, event: "{" })).rejects.toMatchObject({ status: 400 });
    await expect(it.get("/function", { name: "nothing" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("the sample events of an app", () => {
  it("are offered to its functions, their own ones first, with the names of what is deployed", async () => {
    await using it = await consoleCloud();
    const stack = await it.stacks.deploy({
      name: "difference-checker",
      file: join(APPS, "difference-checker/template.yaml"),
    });
    const name = stack.resources["FindChanges"]?.physicalId ?? "";
    const { samples } = await it.get<{ samples: string[] }>("/function", { name });
    expect(samples.slice(0, 2)).toEqual(["find-changes.bad.json", "find-changes.json"]);
    const { text } = await it.get<{ text: string }>("/sample-event", {
      app: "difference-checker",
      file: "compare-version.json",
    });
    expect(() => JSON.parse(text)).not.toThrow();
    for (const id of Object.keys(stack.resources)) expect(text).not.toContain(`\${${id}}`);
  });

  it.each([
    ["difference-checker", "../../package.json"],
    ["..", "package.json"],
    ["../..", "package.json"],
    ["difference-checker", "nothing.json"],
  ])("are files of the app only: not %s %s", async (app, file) => {
    await using it = await consoleCloud();
    await expect(it.get("/sample-event", { app, file })).rejects.toMatchObject({ status: 404 });
  });
});
