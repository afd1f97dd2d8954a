/** HTTP APIs of tests, from OpenAPI documents. */
import {
  ApiGatewayV2Client,
  type CreateStageCommandInput,
  CreateStageCommand,
  ImportApiCommand,
} from "@aws-sdk/client-apigatewayv2";
import type { TestCloud } from "../../../testing.ts";

export type Paths = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** Imports a document of these paths, with a stage `$default` that deploys itself. */
export async function importHttp(
  cloud: TestCloud,
  paths: Paths,
  document: Readonly<Record<string, unknown>> = {},
  stage: Partial<CreateStageCommandInput> = {},
): Promise<{ url: string; apiId: string; client: ApiGatewayV2Client }> {
  const client = cloud.client(ApiGatewayV2Client);
  const content = { openapi: "3.0.1", info: { title: "shop", version: "1" }, paths, ...document };
  const { ApiId = "" } = await client.send(new ImportApiCommand({ Body: JSON.stringify(content) }));
  await client.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true, ...stage }));
  return { url: `${cloud.endpoint}/_apis/${ApiId}`, apiId: ApiId, client };
}

/** An operation that passes everything to a function. */
export const proxyTo = (uri: string, more: object = {}, format = "2.0"): object => ({
  ...more,
  "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri, payloadFormatVersion: format },
});

/** An operation that calls a service. */
export const service = (integrationSubtype: string, credentials: string, requestParameters: object): object => ({
  "x-amazon-apigateway-integration": {
    type: "aws_proxy",
    integrationSubtype,
    credentials,
    payloadFormatVersion: "1.0",
    requestParameters,
  },
});
