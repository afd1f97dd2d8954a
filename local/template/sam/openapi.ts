/** An OpenAPI document while SAM adds to it. */
import { inside, type Path } from "../template-error.ts";
import { isFields, ref, type Fields, type Value } from "../value.ts";
import { readLocal } from "../language-extensions/include.ts";
import { s3Location } from "./code.ts";
import { fieldsOf, invalid, type Lowering, type SamResource, textOf } from "./lowering.ts";

export const INTEGRATION = "x-amazon-apigateway-integration";
export const ANY_METHOD = "x-amazon-apigateway-any-method";
export const METHODS: ReadonlySet<string> = new Set([
  "delete",
  "get",
  "head",
  "options",
  "patch",
  "post",
  "put",
  ANY_METHOD,
]);

/** The key of a method in a path: lower case, `any` as API Gateway's extension. */
export const methodKey = (method: string): string =>
  method.toLowerCase() === "any" ? ANY_METHOD : method.toLowerCase();

export type Paths = Record<string, Record<string, Value>>;

export const newDocument = (): Fields => ({ info: { version: "1.0", title: ref("AWS::StackName") }, paths: {} });

/** The paths of a document, to be added to. */
export const copyPaths = (document: Fields): Paths =>
  Object.fromEntries(Object.entries(fieldsOf(document["paths"])).map(([path, item]) => [path, { ...fieldsOf(item) }]));

export interface Definition {
  /** Undefined when the document lies in S3 and cannot be added to. */
  readonly document: Fields | undefined;
  readonly s3: Fields | undefined;
}

/** DefinitionBody, a DefinitionUri (a file beside the template, or in S3), or neither: then SAM makes the document. */
export function readDefinition(lowering: Lowering, resource: SamResource): Definition {
  const { DefinitionBody: body, DefinitionUri: uri } = resource.properties;
  const path: Path = inside(resource.path, "Properties");
  if (body !== undefined && uri !== undefined)
    throw invalid(resource.id, "Specify either 'DefinitionUri' or 'DefinitionBody' property and not both.", path);
  if (body !== undefined) {
    if (!isFields(body))
      throw invalid(resource.id, "'DefinitionBody' must be an object.", inside(path, "DefinitionBody"));
    return { document: body, s3: undefined };
  }
  if (uri === undefined) return { document: undefined, s3: undefined };
  const s3 = s3Location(uri);
  if (s3)
    return {
      document: undefined,
      s3: { Bucket: s3.bucket, Key: s3.key, ...(s3.version === undefined ? {} : { Version: s3.version }) },
    };
  const document = readLocal(textOf(uri) ?? "", lowering.options.folder, inside(path, "DefinitionUri"));
  if (!isFields(document))
    throw invalid(resource.id, "The definition must be an object.", inside(path, "DefinitionUri"));
  return { document, s3: undefined };
}

/** The parameters in a path such as `/jobs/{jobId}`. */
export const pathParameters = (path: string): readonly string[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? "");

/** The path of a permission's ARN: parameters match anything. */
export const permissionPath = (path: string): string =>
  // API Gateway drops a slash at the end.
  path.replace(/(.)\/$/, "$1").replaceAll(/\{[^}]+\}/g, "*");

/** The URI by which API Gateway invokes a function; `variable` is what stands for its ARN in Fn::Sub. */
export const invocationUri = (variable: string): Fields => ({
  "Fn::Sub": `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${variable}}/invocations`,
});

/** The same for an ARN that is a value. */
export const invocationUriOf = (arn: Value): Fields => ({
  "Fn::Sub": [
    "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations",
    { __FunctionArn__: arn },
  ],
});

/** The ARN below which an API may invoke a function. */
export const executeArn = (apiId: Value, rest: string): Fields => ({
  "Fn::Sub": [
    `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${__ApiId__}/${rest}`,
    { __ApiId__: apiId, ...(rest.includes("${__Stage__}") ? { __Stage__: "*" } : {}) },
  ],
});
