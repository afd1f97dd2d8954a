/** AWS::ApiGateway::RestApi: from an OpenAPI body, as SAM makes it, or empty. */
import type { ApiKeySourceType, EndpointType } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import {
  flag,
  number,
  object,
  tags,
  text,
  textMap,
  texts,
  unlessGone,
} from "../shared-management/template-properties.ts";

export const restApiProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    ApiKeySourceType: true,
    BinaryMediaTypes: true,
    Body: true,
    Description: true,
    DisableExecuteApiEndpoint: true,
    EndpointConfiguration: { Types: true },
    FailOnWarnings: true,
    MinimumCompressionSize: true,
    Mode: true,
    Name: true,
    Parameters: true,
    Policy: true,
    Tags: true,
  },
  async create(properties, context) {
    refuse(properties);
    const { id = "" } = await cloud.call("apigateway", "CreateRestApi", settings(properties, context), ACCOUNT);
    try {
      await importBody(cloud, id, properties);
    } catch (error) {
      await cloud.call("apigateway", "DeleteRestApi", { restApiId: id }, ACCOUNT);
      throw error;
    }
    return state(cloud, id);
  },
  async update(id, properties, previous, context) {
    refuse(properties);
    await importBody(cloud, id, properties);
    const patchOperations = patches(properties, previous);
    if (patchOperations.length > 0)
      await cloud.call("apigateway", "UpdateRestApi", { restApiId: id, patchOperations }, ACCOUNT);
    const resourceArn = `arn:aws:apigateway:${cloud.region}::/restapis/${id}`;
    await cloud.call("apigateway", "TagResource", { resourceArn, tags: tags(properties, context) }, ACCOUNT);
    return state(cloud, id);
  },
  delete: (id) => unlessGone(cloud.call("apigateway", "DeleteRestApi", { restApiId: id }, ACCOUNT)),
});

function refuse(properties: Properties): void {
  for (const name of ["BodyS3Location", "CloneFrom"])
    if (properties[name] !== undefined)
      throw new ServiceError("NotImplemented", `The local cloud does not implement ${name} of a REST API`, {
        status: 501,
      });
}

async function state(cloud: Cloud, id: string) {
  const { rootResourceId } = await cloud.call("apigateway", "GetRestApi", { restApiId: id }, ACCOUNT);
  return { physicalId: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
}

function settings(properties: Properties, context: ResourceContext) {
  const policy = properties["Policy"];
  const types = texts(object(properties, "EndpointConfiguration") ?? {}, "Types");
  return {
    // A body brings a name; until it is read the stack's own serves.
    name: text(properties, "Name") ?? context.logicalId,
    tags: tags(properties, context),
    ...given({
      description: text(properties, "Description"),
      apiKeySource: text(properties, "ApiKeySourceType") as ApiKeySourceType | undefined,
      binaryMediaTypes: texts(properties, "BinaryMediaTypes"),
      disableExecuteApiEndpoint: flag(properties, "DisableExecuteApiEndpoint"),
      endpointConfiguration: types && { types: types as EndpointType[] },
      minimumCompressionSize: number(properties, "MinimumCompressionSize"),
      policy: policy === undefined ? undefined : JSON.stringify(policy),
    }),
  };
}

/** What a template sets beside the body stays as it is set. */
async function importBody(cloud: Cloud, id: string, properties: Properties): Promise<void> {
  const body = properties["Body"];
  if (body === undefined) return;
  const parameters = textMap(properties, "Parameters");
  const mode = text(properties, "Mode") === "merge" ? ("merge" as const) : ("overwrite" as const);
  const input = { restApiId: id, mode, body: Buffer.from(JSON.stringify(body)), ...given({ parameters }) };
  await cloud.call("apigateway", "PutRestApi", input, ACCOUNT);
  const patchOperations = patches(properties, {});
  if (patchOperations.length > 0)
    await cloud.call("apigateway", "UpdateRestApi", { restApiId: id, patchOperations }, ACCOUNT);
}

function patches(properties: Properties, previous: Properties) {
  const operations: { op: "replace" | "add" | "remove"; path: string; value?: string }[] = [];
  const set = (path: string, value: string | undefined) => {
    if (value !== undefined) operations.push({ op: "replace", path, value });
  };
  set("/name", text(properties, "Name"));
  set("/description", text(properties, "Description"));
  set("/apiKeySource", text(properties, "ApiKeySourceType"));
  set("/disableExecuteApiEndpoint", text(properties, "DisableExecuteApiEndpoint"));
  const { Policy: policy } = properties;
  if (policy !== undefined) set("/policy", JSON.stringify(policy));
  else if (previous["Policy"] !== undefined) operations.push({ op: "remove", path: "/policy" });
  const wanted = texts(properties, "BinaryMediaTypes") ?? [];
  const inPath = (type: string) =>
    `/binaryMediaTypes/${type.replaceAll("~1", "/").replaceAll("~", "~0").replaceAll("/", "~1")}`;
  for (const type of texts(previous, "BinaryMediaTypes") ?? [])
    if (!wanted.includes(type)) operations.push({ op: "remove", path: inPath(type) });
  for (const type of wanted) operations.push({ op: "add", path: inPath(type) });
  return operations;
}
