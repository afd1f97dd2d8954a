/** AWS::ApiGatewayV2::Api: from an OpenAPI body, as SAM makes it, or from properties. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider } from "../../../core/service.ts";
import {
  flag,
  isChanged,
  number,
  object,
  tags,
  text,
  texts,
  unlessGone,
} from "../../apigateway/shared-management/template-properties.ts";
import { given } from "../../apigateway/shared-management/given.ts";

export const apiProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    Body: true,
    BasePath: true,
    CorsConfiguration: {
      AllowCredentials: true,
      AllowHeaders: true,
      AllowMethods: true,
      AllowOrigins: true,
      ExposeHeaders: true,
      MaxAge: true,
    },
    CredentialsArn: true,
    Description: true,
    DisableExecuteApiEndpoint: true,
    FailOnWarnings: true,
    IpAddressType: true,
    Name: true,
    ProtocolType: true,
    RouteKey: true,
    RouteSelectionExpression: true,
    Tags: true,
    Target: true,
    Version: true,
  },
  async create(properties, context) {
    const id =
      properties["Body"] === undefined
        ? await createPlain(cloud, properties, context)
        : await importBody(cloud, properties, context);
    return state(cloud, id);
  },
  async update(id, properties, previous, context) {
    if (isChanged(properties, previous, "ProtocolType")) return "replace";
    if (isChanged(properties, previous, "Target", "RouteKey", "CredentialsArn")) return "replace";
    if ((properties["Body"] === undefined) !== (previous["Body"] === undefined)) return "replace";
    if (properties["Body"] !== undefined)
      await cloud.call("apigatewayv2", "ReimportApi", { ApiId: id, ...body(properties) }, ACCOUNT);
    else if (previous["CorsConfiguration"] !== undefined && properties["CorsConfiguration"] === undefined)
      await cloud.call("apigatewayv2", "DeleteCorsConfiguration", { ApiId: id }, ACCOUNT);
    await finish(cloud, id, properties, context);
    return state(cloud, id);
  },
  delete: (id) => unlessGone(cloud.call("apigatewayv2", "DeleteApi", { ApiId: id }, ACCOUNT)),
});

const state = (cloud: Cloud, id: string) => ({
  physicalId: id,
  attributes: { ApiId: id, ApiEndpoint: `${cloud.endpoint}/_apis/${id}` },
});

async function createPlain(cloud: Cloud, properties: Properties, context: ResourceContext): Promise<string> {
  const { ApiId } = await cloud.call(
    "apigatewayv2",
    "CreateApi",
    {
      Name: text(properties, "Name"),
      ProtocolType: text(properties, "ProtocolType") as "HTTP" | undefined,
      Tags: tags(properties, context),
      ...settings(properties),
      ...given({
        CredentialsArn: text(properties, "CredentialsArn"),
        RouteKey: text(properties, "RouteKey"),
        Target: text(properties, "Target"),
      }),
    },
    ACCOUNT,
  );
  return ApiId ?? "";
}

async function importBody(cloud: Cloud, properties: Properties, context: ResourceContext): Promise<string> {
  const { ApiId = "" } = await cloud.call("apigatewayv2", "ImportApi", body(properties), ACCOUNT);
  await finish(cloud, ApiId, properties, context);
  return ApiId;
}

/** What the template says beside the body. */
async function finish(cloud: Cloud, id: string, properties: Properties, context: ResourceContext): Promise<void> {
  const input = { ApiId: id, ...settings(properties), ...given({ Name: text(properties, "Name") }) };
  await cloud.call("apigatewayv2", "UpdateApi", input, ACCOUNT);
  const ResourceArn = `arn:aws:apigateway:${cloud.region}::/apis/${id}`;
  await cloud.call("apigatewayv2", "TagResource", { ResourceArn, Tags: tags(properties, context) }, ACCOUNT);
}

const body = (properties: Properties) =>
  given({
    Body: JSON.stringify(properties["Body"]),
    FailOnWarnings: flag(properties, "FailOnWarnings"),
    Basepath: text(properties, "BasePath"),
  });

function settings(properties: Properties) {
  if (properties["BodyS3Location"] !== undefined)
    throw new ServiceError("NotImplemented", "The local cloud does not implement BodyS3Location", { status: 501 });
  const cors = object(properties, "CorsConfiguration");
  return given({
    CorsConfiguration:
      cors &&
      given({
        AllowCredentials: flag(cors, "AllowCredentials"),
        AllowHeaders: texts(cors, "AllowHeaders"),
        AllowMethods: texts(cors, "AllowMethods"),
        AllowOrigins: texts(cors, "AllowOrigins"),
        ExposeHeaders: texts(cors, "ExposeHeaders"),
        MaxAge: number(cors, "MaxAge"),
      }),
    Description: text(properties, "Description"),
    DisableExecuteApiEndpoint: flag(properties, "DisableExecuteApiEndpoint"),
    RouteSelectionExpression: text(properties, "RouteSelectionExpression"),
    Version: text(properties, "Version"),
  });
}
