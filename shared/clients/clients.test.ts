import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod/mini";

/** The files that make a client: a file a service. */
const names = readdirSync(import.meta.dirname)
  .filter((name) => !/^settings|\.test\.ts$/.test(name))
  .map((name) => name.replace(".ts", ""));

const Client = z.object({
  send: z.function(),
  config: z.object({
    maxAttempts: z.function(),
    retryMode: z.union([z.string(), z.function()]),
    requestHandler: z.unknown(),
  }),
});

afterEach(() => vi.unstubAllEnvs());

describe("each client", () => {
  it.each(names)("of %s is one, slows down when asked to and tries five times", async (name) => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    const module = (await import(/* @vite-ignore */ `./${name}.ts`)) as Record<string, unknown>; // the name of the one export is the file's own affair
    const [made, ...more] = Object.values(module);
    expect(more).toEqual([]);
    const { config } = z.parse(Client, made);
    expect(await (config.maxAttempts as () => Promise<number>)()).toBe(5);
    const mode =
      typeof config.retryMode === "string" ? config.retryMode : await (config.retryMode as () => Promise<string>)();
    expect(mode).toBe("adaptive");
  });
});

describe("a throttled call", () => {
  it("succeeds after three refusals, without the caller noticing", async () => {
    let calls = 0;
    const server = createServer((request, response) => {
      request.resume();
      calls += 1;
      response.writeHead(calls <= 3 ? 400 : 200, { "content-type": "application/x-amz-json-1.0" });
      response.end(
        JSON.stringify(
          calls <= 3 ? { __type: "com.amazonaws.sqs#RequestThrottled", message: "Slow down" } : { QueueUrls: ["q"] },
        ),
      );
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIALOCALACCOUNT0000");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`); // a TCP server has a port
    vi.resetModules();
    const { sqs } = await import("./sqs.ts");
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual(["q"]);
    expect(calls).toBe(4);
    sqs.destroy();
    server.close();
  });
});
