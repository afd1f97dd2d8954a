import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { RetriablePollerError } from "./answer.ts";
import { ask, PartnerAsksToWait, PartnerRefused, refusal } from "./partner.ts";
import { SourceNotAllowed } from "./source.ts";

const NOW = Date.parse("2030-01-07T12:00:00Z");

describe("an answer that is no page", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("%i: the partner is asked again", (status) =>
    expect(refusal(status, undefined, NOW)).toBeInstanceOf(RetriablePollerError),
  );
  it.each([201, 204, 301, 302, 307, 400, 401, 403, 404, 410, 422])("%i: it is not", (status) =>
    expect(refusal(status, "5", NOW)).toBeInstanceOf(PartnerRefused),
  );
  it.each([
    ["17", 17],
    ["0", 1],
    ["Mon, 07 Jan 2030 12:01:30 GMT", 90],
    ["Mon, 07 Jan 2030 11:00:00 GMT", 1],
    ["864000", 3_600],
  ])("Retry-After: %s", (header, seconds) => {
    for (const status of [429, 503]) {
      const asked = refusal(status, header, NOW);
      expect(asked).toBeInstanceOf(PartnerAsksToWait);
      // The state machine reads the number from the message.
      expect(asked.message).toMatch(new RegExp(`asks to wait ${seconds}$`));
    }
  });
  it.each(["soon", "-5", "1e9999", ""])("Retry-After: %s says nothing", (header) =>
    expect(refusal(429, header, NOW)).toBeInstanceOf(RetriablePollerError),
  );
});

describe("asking", () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const serve = async (listener: RequestListener): Promise<URL> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/records?a=1`);
  };
  const limits = { timeoutMs: 300, mostBytes: 100 };
  const trusted = (url: URL) => ({ url, mustBePublic: false });

  it("sends the partner's headers and takes JSON", async () => {
    const url = await serve((request, response) =>
      response.end(JSON.stringify({ key: request.headers["x-key"], path: request.url })),
    );
    expect(await ask(trusted(url), { "x-key": "k" }, limits)).toMatchObject({
      url: url.href,
      body: { key: "k", path: "/records?a=1" },
    });
  });

  it("stops at the number of bytes", async () => {
    const url = await serve((_request, response) => response.end("x".repeat(101)));
    await expect(ask(trusted(url), {}, limits)).rejects.toThrow("longer than 100 bytes");
  });

  it("stops when the answer takes too long, even if it drips", async () => {
    const url = await serve((_request, response) => {
      const drip = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(drip));
    });
    await expect(ask(trusted(url), {}, limits)).rejects.toThrow("did not answer within 300 ms");
  });

  it("takes an answer that is cut off, or no JSON, for a failure that may pass", async () => {
    const cut = await serve((_request, response) => {
      response.writeHead(200, { "content-length": "50" }).write("{");
      setTimeout(() => response.destroy(), 20);
    });
    await expect(ask(trusted(cut), {}, limits)).rejects.toBeInstanceOf(RetriablePollerError);
    const html = await serve((_request, response) => response.end("<html>"));
    await expect(ask(trusted(html), {}, limits)).rejects.toThrow("The partner's answer is not JSON");
  });

  it("does not reach a private address by a public-looking name", async () => {
    const url = await serve((_request, response) => response.end("{}"));
    url.hostname = "localhost";
    await expect(ask({ url, mustBePublic: true }, {}, limits)).rejects.toBeInstanceOf(SourceNotAllowed);
    expect(await ask({ url, mustBePublic: false }, {}, limits)).toMatchObject({ body: {} });
  });
});
