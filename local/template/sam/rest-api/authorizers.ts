/** Authorizers of a REST API as security schemes. */
import { inside } from "../../template-error.ts";
import { compact, isFields, ref, type Fields, type Value } from "../../value.ts";
import { fieldsOf, invalid, listOf, type Lowering, type SamResource, textOf } from "../lowering.ts";
import { executeArn, invocationUriOf } from "../openapi.ts";

export const IAM_SCHEME: Fields = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "awsSigv4",
};
export const API_KEY_SCHEME: Fields = { type: "apiKey", name: "x-api-key", in: "header" };

/** The schemes of `Auth.Authorizers`, with leave for the API to invoke their functions. */
export function restSchemes(lowering: Lowering, api: SamResource): Readonly<Record<string, Fields>> {
  const auth = fieldsOf(api.properties["Auth"]);
  return Object.fromEntries(
    Object.entries(fieldsOf(auth["Authorizers"])).map(([name, authorizer]) => {
      const path = inside(api.path, `Properties.Auth.Authorizers.${name}`);
      if (!isFields(authorizer)) throw invalid(api.id, `Authorizer ${name} must be a dictionary.`, path);
      if (authorizer["UserPoolArn"] !== undefined)
        throw invalid(
          api.id,
          `The local cloud has no Cognito: authorizer ${name} cannot be made.`,
          inside(path, "UserPoolArn"),
        );
      const arn = authorizer["FunctionArn"];
      if (arn === undefined) throw invalid(api.id, `Authorizer ${name} needs the property FunctionArn.`, path);
      addPermission(lowering, api, name, authorizer, arn);
      return [name, scheme(lowering, api, name, authorizer, arn, path)];
    }),
  );
}

function addPermission(lowering: Lowering, api: SamResource, name: string, authorizer: Fields, arn: Value): void {
  if (lowering.known(authorizer["DisableFunctionDefaultPermissions"]) === true) return;
  lowering.add(
    `${api.id}${name}AuthorizerPermission`,
    "AWS::Lambda::Permission",
    {
      Action: "lambda:InvokeFunction",
      FunctionName: arn,
      Principal: "apigateway.amazonaws.com",
      SourceArn: executeArn(ref(api.id), "authorizers/*"),
    },
    api.passed,
  );
}

function scheme(
  lowering: Lowering,
  api: SamResource,
  name: string,
  authorizer: Fields,
  arn: Value,
  path: string,
): Fields {
  const payloadType = textOf(lowering.known(authorizer["FunctionPayloadType"])) ?? "TOKEN";
  if (payloadType !== "TOKEN" && payloadType !== "REQUEST")
    throw invalid(api.id, `${name} Authorizer has invalid 'FunctionPayloadType': ${payloadType}.`, path);
  const identity = fieldsOf(authorizer["Identity"]);
  const role = authorizer["FunctionInvokeRole"];
  const ttl = identity["ReauthorizeEvery"];
  const sources = identitySources(identity);
  if (payloadType === "REQUEST" && sources === undefined && ttl !== 0)
    throw invalid(
      api.id,
      `${name} Authorizer must specify Identity with at least one of Headers, QueryStrings, StageVariables, or Context.`,
      path,
    );
  return {
    type: "apiKey",
    name: payloadType === "REQUEST" ? "Unused" : (textOf(identity["Header"]) ?? "Authorization"),
    in: "header",
    "x-amazon-apigateway-authtype": "custom",
    "x-amazon-apigateway-authorizer": compact({
      type: payloadType.toLowerCase(),
      authorizerUri: invocationUriOf(arn),
      authorizerCredentials: role === "NONE" ? undefined : role,
      authorizerResultTtlInSeconds: ttl,
      identitySource: payloadType === "REQUEST" ? sources : undefined,
      identityValidationExpression: payloadType === "TOKEN" ? identity["ValidationExpression"] : undefined,
    }),
  };
}

const IDENTITY: Readonly<Record<string, string>> = {
  Headers: "method.request.header.",
  QueryStrings: "method.request.querystring.",
  StageVariables: "stageVariables.",
  Context: "context.",
};

function identitySources(identity: Fields): string | undefined {
  const sources = Object.entries(IDENTITY).flatMap(([kind, prefix]) =>
    listOf(identity[kind]).map((source) => `${prefix}${String(source)}`),
  );
  return sources.length > 0 ? sources.join(", ") : undefined;
}
