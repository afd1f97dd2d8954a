/** Methods of a REST API's document: what guards them and what they expect. */
import type { Path } from "../../template-error.ts";
import { compact, isFields, type Fields, type Value } from "../../value.ts";
import { fieldsOf, listOf, textOf } from "../lowering.ts";
import { INTEGRATION, METHODS } from "../openapi.ts";

export interface MethodRequest {
  readonly authorizer: string | undefined;
  readonly scopes: Value | undefined;
  readonly apiKeyRequired: boolean | undefined;
  readonly invokeRole: Value | undefined;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly model: Fields | undefined;
  /** The function's: without it there is no method. */
  readonly condition: Value | undefined;
  readonly at: Path;
}

export const API_KEY = "api_key";
const ANYBODY_OF_THE_ACCOUNT = "arn:aws:iam::*:user/*";

export interface ApiAuth {
  readonly defaultAuthorizer: string | undefined;
  readonly apiKeyRequired: boolean;
  readonly invokeRole: Value | undefined;
  scopesOf(authorizer: string): readonly Value[];
}

/** The requirements of one method, all of which must be met; undefined when anybody may call it. */
export function securityOf(
  request: Pick<MethodRequest, "authorizer" | "scopes" | "apiKeyRequired">,
  api: ApiAuth,
): Value | undefined {
  const name = request.authorizer ?? api.defaultAuthorizer;
  const list: Value[] = [];
  if (name !== undefined)
    list.push({ [name]: request.scopes === undefined ? api.scopesOf(name) : listOf(request.scopes) });
  if (request.apiKeyRequired ?? api.apiKeyRequired) list.push({ [API_KEY]: [] });
  return list.length > 0 ? list : undefined;
}

/** With IAM authorization the integration runs with the caller's own credentials, unless another role is named or NONE. */
export function withCredentials(operation: Fields, request: MethodRequest, api: ApiAuth): Fields {
  const integration = operation[INTEGRATION];
  const isIam = (request.authorizer ?? api.defaultAuthorizer) === "AWS_IAM";
  if (!isIam || !isFields(integration) || integration["credentials"] !== undefined) return operation;
  const role = request.invokeRole ?? api.invokeRole;
  if (role === "NONE") return operation;
  const credentials = role === undefined || role === "CALLER_CREDENTIALS" ? ANYBODY_OF_THE_ACCOUNT : role;
  return { ...operation, [INTEGRATION]: { ...integration, credentials } };
}

/** Parameters, the body's model and the validator that checks them. */
export function withRequest(operation: Fields, request: MethodRequest, isOpenApi3: boolean): Fields {
  const type: Fields = isOpenApi3 ? { schema: { type: "string" } } : { type: "string" };
  const asked = request.parameters.map((parameter): Fields => ({ ...parameter, ...type }));
  const parameters: Value[] = [...asked];
  const { model } = request;
  const name = textOf(model?.["Model"])?.toLowerCase();
  const isRequired = model?.["Required"] === true;
  if (name !== undefined && !isOpenApi3)
    parameters.push(
      compact({ in: "body", name, schema: { $ref: `#/definitions/${name}` }, required: isRequired ? true : undefined }),
    );
  return compact({
    ...operation,
    parameters: parameters.length > 0 ? parameters : operation["parameters"],
    requestBody:
      name === undefined || !isOpenApi3
        ? operation["requestBody"]
        : compact({
            content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
            required: isRequired ? true : undefined,
          }),
    "x-amazon-apigateway-request-validator": validator(model)?.name,
  });
}

/** The validator that a model asks for. */
export function validator(
  model: Fields | undefined,
): { readonly name: string; readonly definition: Fields } | undefined {
  const { ValidateBody: body, ValidateParameters: parameters } = model ?? {};
  if (body === undefined && parameters === undefined) return undefined;
  const name =
    body === true && parameters === true
      ? "full"
      : body === true
        ? "body-only"
        : parameters === true
          ? "params-only"
          : "no-validation";
  return { name, definition: { validateRequestBody: body === true, validateRequestParameters: parameters === true } };
}

/** The methods of a path item with their operations. */
export const operationsOf = (item: Value): readonly (readonly [string, Fields])[] =>
  Object.entries(fieldsOf(item)).flatMap(([method, operation]) =>
    METHODS.has(method) && isFields(operation) ? [[method, operation] as const] : [],
  );
