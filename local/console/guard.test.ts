import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { consoleCloud } from "./testing/console-cloud.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** As `fetch`, which does not let a Host header be set. */
function ask(
  endpoint: string,
  path: string,
  {
    method = "GET",
    headers = {},
    body = "",
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const change = { "content-type": "application/json", "x-local-console": "1" };
const advance = JSON.stringify({ milliseconds: 60_000 });

describe("whoever asks the console", () => {
  it.each([
    ["127.0.0.1:4566", 200],
    ["localhost:4566", 200],
    ["[::1]:4566", 200],
    ["localhost", 200],
    ["evil.example", 403],
    ["evil.example:4566", 403],
    ["127.0.0.1.evil.example", 403],
    ["localhost.evil.example:4566", 403],
    ["127.0.0.1:4566@evil.example", 403],
  ])("under the host name %s gets %d, for the page and the API", async (host, status) => {
    await using it = await consoleCloud();
    for (const path of ["/_console", "/_console/main.js", "/_console/api/changes"])
      expect((await ask(it.cloud.endpoint, path, { headers: { host } })).status).toBe(status);
  });

  it("cannot change anything with what a form of another site can send", async () => {
    await using it = await consoleCloud();
    const before = it.cloud.clock.now();
    const forms: Record<string, string>[] = [
      { "content-type": "text/plain" },
      { "content-type": "application/x-www-form-urlencoded" },
      { "content-type": "application/json" },
      { ...change, origin: "http://evil.example" },
      { ...change, origin: "null" },
      { ...change, origin: "http://127.0.0.1:1" },
      { ...change, "sec-fetch-site": "cross-site" },
      { ...change, "sec-fetch-site": "same-site" },
    ];
    for (const headers of forms) {
      const { status, text } = await ask(it.cloud.endpoint, "/_console/api/clock/advance", {
        method: "POST",
        headers,
        body: advance,
      });
      expect({ headers, status, answer: JSON.parse(text) }).toMatchObject({
        headers,
        status: 403,
        answer: { error: "Refused" },
      });
    }
    expect(it.cloud.clock.now()).toBe(before);
  });

  it("changes something from the page itself", async () => {
    await using it = await consoleCloud();
    const before = it.cloud.clock.now();
    const { host } = new URL(it.cloud.endpoint);
    const headers = { ...change, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
    const { status } = await ask(it.cloud.endpoint, "/_console/api/clock/advance", {
      method: "POST",
      headers,
      body: advance,
    });
    expect(status).toBe(200);
    expect(it.cloud.clock.now()).toBe(before + 60_000);
  });

  it("gets no permission by a preflight, and cannot read from another site", async () => {
    await using it = await consoleCloud();
    const { status, headers } = await ask(it.cloud.endpoint, "/_console/api/clock/advance", {
      method: "OPTIONS",
      headers: { origin: "http://evil.example", "access-control-request-method": "POST" },
    });
    expect(status).toBe(405);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    const read = await ask(it.cloud.endpoint, "/_console/api/overview", {
      headers: { "sec-fetch-site": "cross-site" },
    });
    expect(read.status).toBe(403);
    expect((await ask(it.cloud.endpoint, "/_console/api/overview")).headers).not.toHaveProperty(
      "access-control-allow-origin",
    );
  });

  it("may come to the page by a link on another site", async () => {
    await using it = await consoleCloud();
    const { status } = await ask(it.cloud.endpoint, "/_console", { headers: { "sec-fetch-site": "cross-site" } });
    expect(status).toBe(200);
  });
});

describe("the page's files", () => {
  it("come with a policy that lets nothing else run", async () => {
    await using it = await consoleCloud();
    const { headers, text } = await ask(it.cloud.endpoint, "/_console");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain("unsafe");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(text).not.toMatch(/<script(?! type="module" src="\/_console\/)/);
    expect(text).not.toMatch(/https?:\/\//);
  });

  it("are answered with 304 when the browser has them", async () => {
    await using it = await consoleCloud();
    const { headers } = await ask(it.cloud.endpoint, "/_console/main.js");
    expect(headers["content-type"]).toBe("text/javascript; charset=utf-8");
    const again = await ask(it.cloud.endpoint, "/_console/main.js", {
      headers: { "if-none-match": String(headers["etag"]) },
    });
    expect(again).toMatchObject({ status: 304, text: "" });
  });

  it.each([
    "/_console/../index.ts",
    "/_console/..%2findex.ts",
    "/_console/%2e%2e/index.ts",
    "/_console//etc/passwd",
    "/_console/tsconfig.json",
    "/_console/page.html/..",
    "/_console/__proto__",
    "/_console/nothing.js",
  ])("do not include %s", async (path) => {
    await using it = await consoleCloud();
    expect((await ask(it.cloud.endpoint, path)).status).toBe(404);
  });

  it("take no posts", async () => {
    await using it = await consoleCloud();
    expect((await ask(it.cloud.endpoint, "/_console", { method: "POST" })).status).toBe(405);
  });
});
