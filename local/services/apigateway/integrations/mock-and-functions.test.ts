/** Mock integrations of REST APIs, and functions behind mapping templates. */
import { describe, expect, it } from "vitest";
import { testCloud } from "../../../testing.ts";
import { apiCloud } from "../testing/fake-functions.ts";
import { deployRest, mapped } from "../testing/rest-api.ts";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

describe("a mock integration", () => {
  it("answers the preflight that SAM generates", async () => {
    await using cloud = await testCloud();
    const { url } = await deployRest(cloud, {
      "/x": {
        options: mapped({
          type: "mock",
          requestTemplates: { "application/json": '{\n  "statusCode" : 200\n}\n' },
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.Access-Control-Allow-Origin": "'https://a'" },
              responseTemplates: { "application/json": "{}\n" },
            },
          },
        }),
      },
    });
    const answer = await fetch(`${url}/x`, { method: "OPTIONS" });
    expect([answer.status, await answer.text(), answer.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "{}\n",
      "https://a",
    ]);
  });

  it("chooses its response by the status that its template names, which may be overridden", async () => {
    await using cloud = await testCloud();
    const { url } = await deployRest(cloud, {
      "/x": {
        get: mapped({
          type: "mock",
          requestTemplates: {
            "application/json": `{"statusCode": #if($input.params('fail') == 'yes')500#{else}200#end}`,
          },
          responses: {
            default: {
              statusCode: "200",
              responseTemplates: { "application/json": '{"ok": "$context.resourcePath"}' },
            },
            "5\\d{2}": {
              statusCode: "500",
              responseTemplates: {
                "application/json":
                  '#set($context.responseOverride.status = 418)#set($context.responseOverride.header.x-why = "tea"){"ok": false}',
              },
            },
          },
        }),
      },
    });
    expect(await (await fetch(`${url}/x`)).json()).toEqual({ ok: "/x" });
    const failed = await fetch(`${url}/x?fail=yes`);
    expect([failed.status, failed.headers.get("x-why"), await failed.json()]).toEqual([418, "tea", { ok: false }]);
  });

  it("fails when its template names no status, or no response fits", async () => {
    await using cloud = await testCloud();
    const without = mapped({
      type: "mock",
      requestTemplates: { "application/json": "{}" },
      responses: { default: { statusCode: "200" } },
    });
    const unfit = mapped({
      type: "mock",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: { "4..": { statusCode: "400" } },
    });
    const { url } = await deployRest(cloud, { "/x": { get: without }, "/y": { get: unfit } });
    expect((await fetch(`${url}/x`)).status).toBe(500);
    expect((await fetch(`${url}/y`)).status).toBe(500);
  });
});

describe("a function behind mapping templates", () => {
  it("gets the mapped event; its result and its errors are mapped", async () => {
    await using cloud = await apiCloud({
      greet: ({ name }) => {
        if (name === "") throw new Error("[BadRequest] no name");
        return { greeting: `Hello ${String(name)}` };
      },
    });
    const { url } = await deployRest(cloud, {
      "/greet": {
        post: mapped({
          type: "aws",
          uri: cloud.functionUri("greet"),
          requestTemplates: { "application/json": `{"name": $input.json('$.who')}` },
          responses: {
            default: { statusCode: "200", responseTemplates: { "application/json": "$input.json('$.greeting')" } },
            "\\[BadRequest\\].*": {
              statusCode: "400",
              responseTemplates: { "application/json": `{"error": $input.json('$.errorMessage')}` },
            },
          },
        }),
      },
    });
    expect(await (await post(`${url}/greet`, { who: "Ann" })).json()).toBe("Hello Ann");
    const bad = await post(`${url}/greet`, { who: "" });
    expect([bad.status, await bad.json()]).toEqual([400, { error: "[BadRequest] no name" }]);
    expect(cloud.events).toEqual([{ name: "Ann" }, { name: "" }]);
  });
});
