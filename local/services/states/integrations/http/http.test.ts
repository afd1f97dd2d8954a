import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import * as SecretsManager from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import type { Service } from "../../../../core/service.ts";
import { SERVICES } from "../../../index.ts";
import { single, statesCloud } from "../../test-cloud.ts";
import { signed } from "./signature.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server that tells what it was asked, with a status. */
async function server(status: number) {
  const seen: Seen[] = [];
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.writeHead(status, { "content-type": "application/json", "x-own": "yes" }).end('{"answer":42}');
    });
  });
  await new Promise<void>((resolve) => {
    http.listen(0, "127.0.0.1", resolve);
  });
  // A listening server has an address.
  const { port } = http.address() as AddressInfo;
  return { seen, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void http.close() };
}

describe("a signed request", () => {
  it("bears the signature that AWS publishes for its example", () => {
    // "Signature Version 4 test suite": get-vanilla-query-order-key-case.
    const headers = signed(
      {
        method: "GET",
        host: "example.amazonaws.com",
        path: "/",
        query: new URLSearchParams("Param2=value2&Param1=value1"),
        body: "",
      },
      {
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "",
        expiration: new Date(0),
      },
      { region: "us-east-1", service: "service", now: Date.parse("2015-08-30T12:36:00Z") },
    );
    expect(headers["authorization"]).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    );
  });
});

/** Secrets Manager with the one secret that EventBridge keeps for a connection. */
const withSecret = (secret: Record<string, string>): Parameters<typeof statesCloud>[0] => ({
  services: SERVICES.map((entry) =>
    entry.id === "secretsmanager"
      ? {
          ...entry,
          load: () =>
            Promise.resolve({
              create: (): Service<typeof SecretsManager> => ({
                sdk: SecretsManager,
                handlers: { GetSecretValue: () => ({ SecretString: JSON.stringify(secret) }) },
              }),
            }),
        }
      : entry,
  ),
});

describe("http:invoke", () => {
  const invoke = async (url: string, kind: "API_KEY" | "BASIC", more: Record<string, unknown> = {}) => {
    await using states = await statesCloud(
      withSecret(
        kind === "API_KEY" ? { api_key_name: "X-Key", api_key_value: "secret" } : { username: "ida", password: "pw" },
      ),
    );
    const roleArn = await states.role("caller", [
      "states:InvokeHTTPEndpoint",
      "events:RetrieveConnectionCredentials",
      "secretsmanager:GetSecretValue",
    ]);
    const AuthParameters =
      kind === "API_KEY"
        ? { ApiKeyAuthParameters: { ApiKeyName: "X-Key", ApiKeyValue: "secret" } }
        : { BasicAuthParameters: { Username: "ida", Password: "pw" } };
    const { ConnectionArn } = await states.cloud.call(
      "events",
      "CreateConnection",
      { Name: "c", AuthorizationType: kind, AuthParameters },
      { kind: "account" },
    );
    const definition = single({
      Type: "Task",
      Resource: "arn:aws:states:::http:invoke",
      Parameters: {
        ApiEndpoint: `${url}/orders`,
        Method: "POST",
        Authentication: { ConnectionArn },
        RequestBody: { "id.$": "$.id" },
        QueryParameters: { q: "a b" },
        ...more,
      },
    });
    return await states.run(await states.machine(definition, { roleArn }), { id: 7 });
  };

  it("calls the endpoint with the connection's key", async () => {
    await using there = await server(200);
    const { output, execution } = await invoke(there.url, "API_KEY");
    expect([execution.error, execution.cause]).toEqual([undefined, undefined]);
    expect(output).toMatchObject({ StatusCode: 200, ResponseBody: { answer: 42 }, Headers: { "x-own": ["yes"] } });
    expect(there.seen).toMatchObject([
      { method: "POST", url: "/orders?q=a+b", body: '{"id":7}', headers: { "x-key": "secret" } },
    ]);
  });

  it("fails with the status of the answer", async () => {
    await using there = await server(503);
    const { execution } = await invoke(there.url, "BASIC");
    expect(execution).toMatchObject({ error: "States.Http.StatusCode.503", cause: '{"answer":42}' });
    expect(there.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from("ida:pw").toString("base64")}`);
  });
});
