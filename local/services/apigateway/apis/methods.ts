/** Methods with their integrations and responses. */
import type { Integration, Method } from "@aws-sdk/client-api-gateway";
import type { Handlers, Input } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import { badRequest, member, notFound, type RestApis, type Sdk, type StoredApi, unsupported } from "../store.ts";

const METHODS = new Set(["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
const TYPES = new Set(["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"]);

interface Place {
  readonly restApiId: string | undefined;
  readonly resourceId: string | undefined;
  readonly httpMethod: string | undefined;
}

export function methodHandlers(apis: RestApis): Handlers<Sdk> {
  const change = (place: Place, apply: (method: Method) => void): void => {
    const api = apis.byId(place.restApiId);
    apply(methodAt(api, place));
    apis.save(api);
  };
  return {
    PutMethod(input) {
      const api = apis.byId(input.restApiId);
      const resource = member(api.resources, "Resource", input.resourceId);
      const method = newMethod(api, input);
      resource.resourceMethods = { ...resource.resourceMethods, [method.httpMethod ?? ""]: method };
      apis.save(api);
      return method;
    },
    GetMethod: (input) => methodAt(apis.byId(input.restApiId), input),
    DeleteMethod(input) {
      const api = apis.byId(input.restApiId);
      methodAt(api, input);
      delete api.resources[input.resourceId ?? ""]?.resourceMethods?.[input.httpMethod ?? ""];
      apis.save(api);
      return {};
    },
    PutIntegration(input) {
      const integration = newIntegration(input);
      change(input, (method) => {
        const integrationResponses = method.methodIntegration?.integrationResponses;
        method.methodIntegration = { ...integration, ...given({ integrationResponses }) };
      });
      return integration;
    },
    GetIntegration: (input) => integrationOf(methodAt(apis.byId(input.restApiId), input)),
    DeleteIntegration(input) {
      change(input, (method) => {
        integrationOf(method);
        delete method.methodIntegration;
      });
      return {};
    },
    PutMethodResponse({ statusCode = "", responseParameters, responseModels, ...place }) {
      const response = { statusCode, ...given({ responseParameters, responseModels }) };
      change(place, (method) => {
        method.methodResponses = { ...method.methodResponses, [statusCode]: response };
      });
      return response;
    },
    PutIntegrationResponse({
      statusCode = "",
      selectionPattern,
      responseParameters,
      responseTemplates,
      contentHandling,
      ...place
    }) {
      const response = {
        statusCode,
        ...given({
          selectionPattern: selectionPattern === "" ? undefined : selectionPattern,
          responseParameters,
          responseTemplates,
          contentHandling,
        }),
      };
      change(place, (method) => {
        const integration = integrationOf(method);
        if (!method.methodResponses?.[statusCode]) throw notFound("Invalid Response status code specified");
        integration.integrationResponses = { ...integration.integrationResponses, [statusCode]: response };
      });
      return response;
    },
  };
}

function methodAt(api: StoredApi, { resourceId, httpMethod }: Place): Method {
  return member(member(api.resources, "Resource", resourceId).resourceMethods ?? {}, "Method", httpMethod);
}

function integrationOf(method: Method): Integration {
  if (!method.methodIntegration) throw notFound("Invalid Integration identifier specified");
  return method.methodIntegration;
}

function newMethod(api: StoredApi, input: Input<Sdk, "PutMethod">): Method {
  const { httpMethod = "", authorizationType = "NONE", authorizerId, requestValidatorId } = input;
  if (!METHODS.has(httpMethod)) throw badRequest(`Invalid HTTP method specified: ${httpMethod}`);
  if (!["NONE", "AWS_IAM", "CUSTOM"].includes(authorizationType))
    throw unsupported(`authorization ${authorizationType}`);
  if (authorizationType === "CUSTOM") member(api.authorizers, "Authorizer", authorizerId);
  if (requestValidatorId !== undefined) member(api.validators, "Request Validator", requestValidatorId);
  for (const name of Object.keys(input.requestParameters ?? {}))
    if (!/^method\.request\.(querystring|path|header|multivaluequerystring|multivalueheader)\.\S+$/.test(name))
      throw badRequest(
        `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${name}]`,
      );
  return {
    httpMethod,
    authorizationType,
    apiKeyRequired: input.apiKeyRequired ?? false,
    ...given({
      authorizerId,
      requestValidatorId,
      operationName: input.operationName,
      requestParameters: input.requestParameters,
      requestModels: input.requestModels,
      authorizationScopes: input.authorizationScopes,
    }),
  };
}

function newIntegration(input: Input<Sdk, "PutIntegration">): Integration {
  const { type = "", uri, timeoutInMillis = 29_000, passthroughBehavior = "WHEN_NO_MATCH" } = input;
  if (!TYPES.has(type))
    throw badRequest("Enum value for integration type must be one of AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK");
  if (input.connectionType === "VPC_LINK" || input.connectionId) throw unsupported("integrations through a VPC link");
  if (input.responseTransferMode === "STREAM") throw unsupported("responseTransferMode STREAM");
  if (input.tlsConfig?.insecureSkipVerification) throw unsupported("tlsConfig of integrations");
  if (type !== "MOCK" && !uri) throw badRequest("Integration URI must be given");
  if (type !== "MOCK" && !input.integrationHttpMethod)
    throw badRequest("Enumeration value for HttpMethod must be non-empty");
  if (uri !== undefined && type.startsWith("AWS") && !/^arn:[^:]+:apigateway:[^:]+:[^:]+:(action|path)\/.+/s.test(uri))
    throw badRequest("AWS ARN for integration must contain path or action");
  if (timeoutInMillis < 50) throw badRequest("Timeout should be between 50 ms and 29000 ms");
  if (!["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"].includes(passthroughBehavior))
    throw badRequest(`Invalid passthrough behavior: ${passthroughBehavior}`);
  return {
    type: input.type,
    passthroughBehavior,
    timeoutInMillis,
    ...given({
      httpMethod: input.integrationHttpMethod,
      uri,
      credentials: input.credentials,
      requestParameters: input.requestParameters,
      requestTemplates: input.requestTemplates,
      contentHandling: input.contentHandling,
    }),
  };
}
