/** REST APIs of tests, from OpenAPI documents. */
import { CreateDeploymentCommand, APIGatewayClient, ImportRestApiCommand } from "@aws-sdk/client-api-gateway";
import type { PolicyDocument } from "../../../core/principal.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { TestCloud } from "../../../testing.ts";

export type Paths = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** Imports a document of these paths and deploys it to the stage `prod`; answers the invoke URL and the id. */
export async function deployRest(
  cloud: TestCloud,
  paths: Paths,
  document: Readonly<Record<string, unknown>> = {},
  variables: Record<string, string> = {},
): Promise<{ url: string; apiId: string; client: APIGatewayClient }> {
  const client = cloud.client(APIGatewayClient);
  const content = { openapi: "3.0.1", info: { title: "shop", version: "1" }, paths, ...document };
  const { id = "" } = await client.send(new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(content)) }));
  await client.send(new CreateDeploymentCommand({ restApiId: id, stageName: "prod", variables }));
  return { url: `${cloud.endpoint}/_apis/${id}/prod`, apiId: id, client };
}

/** An operation that passes everything to a function. */
export const proxyTo = (uri: string, more: object = {}): object => ({
  ...more,
  "x-amazon-apigateway-integration": { type: "aws_proxy", httpMethod: "POST", uri },
});

/** An operation with a mapped integration. */
export const mapped = (integration: object, more: object = {}): object => ({
  ...more,
  responses: { "200": {}, "400": {}, "500": {} },
  "x-amazon-apigateway-integration": { httpMethod: "POST", ...integration },
});

/** A role that API Gateway may assume, with these permissions; answers its ARN. */
export async function role(
  cloud: TestCloud,
  name: string,
  allowed: readonly { Action: string | string[]; Resource: string }[],
  trusted = "apigateway.amazonaws.com",
): Promise<string> {
  const trust: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: trusted }, Action: "sts:AssumeRole" }],
  };
  const { Role } = await cloud.call(
    "iam",
    "CreateRole",
    { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) },
    ACCOUNT,
  );
  const policy = { Version: "2012-10-17", Statement: allowed.map((statement) => ({ Effect: "Allow", ...statement })) };
  if (allowed.length > 0)
    await cloud.call(
      "iam",
      "PutRolePolicy",
      { RoleName: name, PolicyName: "own", PolicyDocument: JSON.stringify(policy) },
      ACCOUNT,
    );
  return Role?.Arn ?? "";
}

/** Headers of a request that is signed by a session of a role. */
export function signedAs(cloud: TestCloud, roleArn: string, session = "caller"): Record<string, string> {
  const { accessKeyId } = cloud.iam.issue(roleArn, session);
  const scope = `20300107/${cloud.region}/execute-api/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host, Signature=local`,
  };
}
