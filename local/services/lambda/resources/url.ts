/** AWS::Lambda::Url. */
import type { Cors } from "@aws-sdk/client-lambda";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider, ResourceState } from "../../../core/service.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { boolean, defined, differs, fields, number, text, texts } from "./properties.ts";
import { unlessGone } from "./version-and-alias.ts";

export const urlProvider = (lambda: LambdaService): ResourceProvider => ({
  known: {
    AuthType: true,
    Cors: {
      AllowCredentials: true,
      AllowHeaders: true,
      AllowMethods: true,
      AllowOrigins: true,
      ExposeHeaders: true,
      MaxAge: true,
    },
    InvokeMode: true,
    Qualifier: true,
    TargetFunctionArn: true,
  },
  async create(properties) {
    const input = { ...functionOf(properties), ...settingsOf(properties) };
    return stateOf(await lambda.cloud.call("lambda", "CreateFunctionUrlConfig", input, ACCOUNT));
  },
  async update(_, properties, previous) {
    if (differs(["TargetFunctionArn", "Qualifier"], properties, previous)) return "replace";
    const input = { ...functionOf(properties), Cors: {}, ...settingsOf(properties) };
    return stateOf(await lambda.cloud.call("lambda", "UpdateFunctionUrlConfig", input, ACCOUNT));
  },
  async delete(_, properties) {
    await unlessGone(lambda.cloud.call("lambda", "DeleteFunctionUrlConfig", functionOf(properties), ACCOUNT));
  },
});

const stateOf = (url: { FunctionArn: string | undefined; FunctionUrl: string | undefined }): ResourceState => ({
  physicalId: url.FunctionArn ?? "",
  attributes: { FunctionArn: url.FunctionArn, FunctionUrl: url.FunctionUrl },
});

function functionOf(properties: Properties): { FunctionName: string; Qualifier?: string } {
  const { name, qualifier } = readFunctionName(text(properties["TargetFunctionArn"]), text(properties["Qualifier"]));
  return { FunctionName: name, ...(qualifier !== undefined && { Qualifier: qualifier }) };
}

function settingsOf(properties: Properties) {
  const cors = fields(properties["Cors"]);
  // The operation checks the values.
  const AuthType = text(properties["AuthType"]) as "NONE" | "AWS_IAM" | undefined;
  const InvokeMode = (text(properties["InvokeMode"]) ?? "BUFFERED") as "BUFFERED" | "RESPONSE_STREAM";
  return { AuthType, InvokeMode, ...(cors && { Cors: corsOf(cors) }) };
}

const corsOf = (cors: Readonly<Record<string, unknown>>): Cors =>
  defined({
    AllowCredentials: boolean(cors["AllowCredentials"]),
    AllowHeaders: texts(cors["AllowHeaders"]),
    AllowMethods: texts(cors["AllowMethods"]),
    AllowOrigins: texts(cors["AllowOrigins"]),
    ExposeHeaders: texts(cors["ExposeHeaders"]),
    MaxAge: number(cors, "MaxAge"),
  });
