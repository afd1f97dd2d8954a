/** HTTP integrations of REST APIs. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { testCloud } from "../../../testing.ts";
import { apiCloud } from "../testing/fake-functions.ts";
import { deployRest, mapped } from "../testing/rest-api.ts";

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** A server that answers what it was asked. */
async function echo(): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      response.writeHead(url?.includes("missing") ? 404 : 200, {
        "content-type": "application/json",
        "x-server": "echo",
      });
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Echoed {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("an HTTP integration", () => {
  it("as a proxy passes request and answer on", async () => {
    const server = await echo();
    await using cloud = await testCloud();
    const { url } = await deployRest(cloud, {
      "/{proxy+}": {
        "x-amazon-apigateway-any-method": mapped({
          type: "http_proxy",
          httpMethod: "ANY",
          uri: `${server}/base/{proxy}`,
          requestParameters: {
            "integration.request.path.proxy": "method.request.path.proxy",
            "integration.request.header.X-Request": "context.requestId",
          },
        }),
      },
    });
    const answer = await post(`${url}/a/b%20c?x=1`, { n: 1 }, { "x-own": "2" });
    expect(answer.headers.get("x-server")).toBe("echo");
    const echoed = (await answer.json()) as Echoed;
    expect(echoed).toMatchObject({ method: "POST", url: "/base/a/b%20c?x=1", body: '{"n":1}' });
    expect(echoed.headers).toMatchObject({ "x-own": "2", "x-request": answer.headers.get("x-amzn-requestid") });
    expect((await fetch(`${url}/missing`)).status).toBe(404);
  });

  it("with mapping sends only what is mapped", async () => {
    const server = await echo();
    await using cloud = await testCloud();
    const { url } = await deployRest(cloud, {
      "/x": {
        post: mapped({
          type: "http",
          httpMethod: "PUT",
          uri: `${server}/y`,
          requestParameters: { "integration.request.querystring.q": "method.request.header.x-own" },
          requestTemplates: { "application/json": '{"mapped": true}' },
          responses: {
            default: {
              statusCode: "200",
              responseParameters: { "method.response.header.X-Server": "integration.response.header.x-server" },
            },
          },
        }),
      },
    });
    const answer = await post(`${url}/x?lost=1`, { n: 1 }, { "x-own": "2" });
    const echoed = (await answer.json()) as Echoed;
    expect(echoed).toMatchObject({ method: "PUT", url: "/y?q=2", body: '{"mapped": true}' });
    expect(echoed.headers).not.toHaveProperty("x-own");
    expect(answer.headers.get("x-server")).toBe("echo");
  });

  it("does not leave this machine", async () => {
    await using cloud = await testCloud();
    const { url } = await deployRest(cloud, {
      "/x": { get: mapped({ type: "http_proxy", httpMethod: "GET", uri: "https://example.com/" }) },
    });
    expect((await fetch(`${url}/x`)).status).toBe(500);
    expect(cloud.logged.join()).toMatch(/reaches only addresses of this machine, not example.com/);
  });

  it("reaches another API of this cloud while time stands still where nobody waits", async () => {
    await using cloud = await apiCloud({
      slow: async (_event, clock) => (await clock.sleep(10_000), { statusCode: 200, body: '"slept"' }),
    });
    const inner = await deployRest(cloud, {
      "/slow": {
        get: {
          "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri: cloud.functionUri("slow") },
        },
      },
    });
    const { url } = await deployRest(cloud, {
      "/x": { get: mapped({ type: "http_proxy", httpMethod: "GET", uri: `${inner.url}/slow` }) },
    });
    const before = cloud.clock.now();
    expect(await (await fetch(`${url}/x`)).json()).toBe("slept");
    expect(cloud.clock.now() - before).toBe(10_000);
  });
});
