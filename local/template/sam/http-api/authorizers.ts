/** Authorizers of an HTTP API as security schemes. */
import { inside } from "../../template-error.ts";
import { compact, isFields, ref, type Fields, type Value } from "../../value.ts";
import { fieldsOf, invalid, listOf, type Lowering, type SamResource } from "../lowering.ts";
import { executeArn, invocationUriOf } from "../openapi.ts";

const AWS_IAM_SCHEME: Fields = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "awsSigv4",
};

/** The schemes of `Auth.Authorizers`; leave to invoke Lambda authorizers is added where it is asked for. */
export function httpSchemes(lowering: Lowering, api: SamResource): Readonly<Record<string, Fields>> {
  const auth = fieldsOf(api.properties["Auth"]);
  const schemes: Record<string, Fields> = {};
  for (const [name, authorizer] of Object.entries(fieldsOf(auth["Authorizers"]))) {
    const path = inside(api.path, `Properties.Auth.Authorizers.${name}`);
    if (!isFields(authorizer)) throw invalid(api.id, `Authorizer ${name} must be a dictionary.`, path);
    if (authorizer["FunctionArn"] !== undefined) schemes[name] = lambdaScheme(lowering, api, name, authorizer, path);
    else if (isFields(authorizer["JwtConfiguration"]))
      schemes[name] = jwtScheme(authorizer, authorizer["JwtConfiguration"]);
    else throw invalid(api.id, `Authorizer ${name} needs JwtConfiguration or FunctionArn.`, path);
  }
  if (lowering.known(auth["EnableIamAuthorizer"]) === true) schemes["AWS_IAM"] = AWS_IAM_SCHEME;
  return schemes;
}

/** OAuth scopes that an authorizer asks for on every route. */
export function authorizerScopes(api: SamResource | undefined, name: string): readonly Value[] {
  const authorizers = fieldsOf(fieldsOf(api?.properties["Auth"])["Authorizers"]);
  return listOf(fieldsOf(authorizers[name])["AuthorizationScopes"]);
}

function jwtScheme(authorizer: Fields, configuration: Fields): Fields {
  return {
    type: "oauth2",
    "x-amazon-apigateway-authorizer": compact({
      type: "jwt",
      identitySource: authorizer["IdentitySource"],
      jwtConfiguration: Object.fromEntries(
        Object.entries(configuration).map(([key, value]) => [key.toLowerCase(), value]),
      ),
    }),
  };
}

function lambdaScheme(lowering: Lowering, api: SamResource, name: string, authorizer: Fields, path: string): Fields {
  const { FunctionArn: arn, FunctionInvokeRole: role, AuthorizerPayloadFormatVersion: version } = authorizer;
  if (version === undefined)
    throw invalid(api.id, `${name} Lambda Authorizer must define 'AuthorizerPayloadFormatVersion'.`, path);
  const identity = fieldsOf(authorizer["Identity"]);
  const sources = identitySources(identity);
  if (lowering.known(authorizer["EnableFunctionDefaultPermissions"]) === true)
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
  return {
    type: "apiKey",
    name: "Unused",
    in: "header",
    "x-amazon-apigateway-authorizer": compact({
      type: "request",
      authorizerUri: invocationUriOf(arn ?? ""),
      authorizerCredentials: role === "NONE" ? undefined : role,
      authorizerPayloadFormatVersion: version,
      authorizerResultTtlInSeconds: identity["ReauthorizeEvery"],
      enableSimpleResponses: authorizer["EnableSimpleResponses"],
      identitySource: sources.length > 0 ? sources : undefined,
    }),
  };
}

const IDENTITY: Readonly<Record<string, string>> = {
  Headers: "$request.header.",
  QueryStrings: "$request.querystring.",
  StageVariables: "$stageVariables.",
  Context: "$context.",
};

const identitySources = (identity: Fields): readonly string[] =>
  Object.entries(IDENTITY).flatMap(([kind, prefix]) =>
    listOf(identity[kind]).map((name) => `${prefix}${String(name)}`),
  );
